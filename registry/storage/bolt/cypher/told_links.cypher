// What a delivery tells for the first time.

// name: links_of_events
// what: the links of some events as person|event|kind, each with the chunk that told it first, empty where none is known
// param ids: list of string
// returns: one
// mode: read
MATCH (e:Event) WHERE e.id IN $ids
MATCH (p:Person)-[r:VICTIM_IN|PERPETRATOR_IN]->(e)
RETURN collect(p.id + '|' + e.id + '|' + type(r)) AS links, collect(coalesce(r.told, '')) AS chunks;
