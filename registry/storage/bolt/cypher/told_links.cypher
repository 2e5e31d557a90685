// What a delivery tells for the first time.

// name: links_of_events
// what: the links of some events as person|event|kind, each with the chunk that told it first, empty where none is known
// param ids: list of string
// returns: one
// mode: read
MATCH (e:Event) WHERE e.id IN $ids
MATCH (p:Person)-[r:VICTIM_IN|PERPETRATOR_IN]->(e)
RETURN collect(p.id + '|' + e.id + '|' + type(r)) AS links, collect(coalesce(r.told, '')) AS chunks;

// name: relations_of_events
// what: the relations that some events told as source|target|event, each with its first chunk, empty where none is known
// param ids: list of string
// returns: one
// mode: read
MATCH (e:Event) WHERE e.id IN $ids
MATCH (e)<-[:VICTIM_IN|PERPETRATOR_IN]-(p:Person)
WITH DISTINCT e, p
MATCH (p)-[l:RELATED_TO]->(q:Person)
WHERE l.event = e.id
RETURN collect(p.id + '|' + q.id + '|' + e.id) AS links, collect(coalesce(l.told, '')) AS chunks;
