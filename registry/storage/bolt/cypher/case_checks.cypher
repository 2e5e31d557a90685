// What `ictip check --store` asks of the case graph: each query finds records that break the rule of its name.

// name: event_without_entity
// what: events not reported by exactly the one entity that they name
// param limit: integer
// returns: many
// mode: read
MATCH (e:Event)
WHERE COUNT { (e)-[:REPORTED_BY]->(:ReportingEntity) } <> 1
   OR NOT EXISTS { MATCH (e)-[:REPORTED_BY]->(n:ReportingEntity) WHERE n.id = e.entity }
RETURN e.id AS id ORDER BY id LIMIT $limit;

// name: event_without_batch
// what: events not of exactly the one batch that they name
// param limit: integer
// returns: many
// mode: read
MATCH (e:Event)
WHERE COUNT { (e)-[:IN_BATCH]->(:Batch) } <> 1
   OR NOT EXISTS { MATCH (e)-[:IN_BATCH]->(b:Batch) WHERE b.id = e.batch }
RETURN e.id AS id ORDER BY id LIMIT $limit;

// name: event_without_coding
// what: events not coded by exactly one combination of releases
// param limit: integer
// returns: many
// mode: read
MATCH (e:Event)
WHERE COUNT { (e)-[:CODED_BY]->(:Coding) } <> 1
RETURN e.id AS id ORDER BY id LIMIT $limit;

// name: event_without_place
// what: events that no list can show
// param limit: integer
// returns: many
// mode: read
MATCH (e:Event)
WHERE e.id IS NULL OR e.place IS NULL OR e.entity IS NULL OR e.digest IS NULL OR e.record_key IS NULL
RETURN coalesce(e.id, 'an event without id') AS id ORDER BY id LIMIT $limit;

// name: person_without_event
// what: people of whom no event tells
// param limit: integer
// returns: many
// mode: read
MATCH (p:Person)
WHERE NOT EXISTS { (p)-[:VICTIM_IN|PERPETRATOR_IN]->(:Event) }
RETURN coalesce(p.id, 'a person without id') AS id ORDER BY id LIMIT $limit;

// name: person_of_other_entity
// what: people who took part in an event that another entity told
// param limit: integer
// returns: many
// mode: read
MATCH (p:Person)-[:VICTIM_IN|PERPETRATOR_IN]->(e:Event)
WHERE p.entity IS NULL OR p.entity <> e.entity
RETURN DISTINCT p.id AS id ORDER BY id LIMIT $limit;

// name: participation_without_ends
// what: keys of parts that do not lie between a person and an event, or belong to another event
// param limit: integer
// returns: many
// mode: read
MATCH (p)-[r:VICTIM_IN|PERPETRATOR_IN]->(e)
WHERE NOT p:Person OR NOT e:Event OR r.key IS NULL OR NOT r.key STARTS WITH e.id + '|'
RETURN coalesce(r.key, 'a part without key') AS id ORDER BY id LIMIT $limit;

// name: participation_doubled
// what: keys of parts that stand more than once
// param limit: integer
// returns: many
// mode: read
MATCH (e:Event)<-[r:VICTIM_IN|PERPETRATOR_IN]-()
WITH e, count(r) AS parts, count(DISTINCT r.key) AS keys
WHERE parts <> keys
RETURN e.id AS id ORDER BY id LIMIT $limit;

// name: group_without_event
// what: groups that belong to no event, or to several
// param limit: integer
// returns: many
// mode: read
MATCH (g:Group)
WHERE COUNT { (g)-[:GROUP_IN]->(:Event) } <> 1
RETURN coalesce(g.id, 'a group without id') AS id ORDER BY id LIMIT $limit;

// name: area_unlinked
// what: events whose area of exploitation or recording is a code without its area
// param limit: integer
// returns: many
// mode: read
MATCH (e:Event)
WHERE size(coalesce(e.codes_coe, [])) <> COUNT { (e)-[:EXPLOITED_IN]->(:Area) }
   OR size(coalesce(e.codes_geo, [])) <> COUNT { (e)-[:RECORDED_IN]->(:Area) }
RETURN e.id AS id ORDER BY id LIMIT $limit;

// name: form_unlinked
// what: events with forms of their own but no concept
// param limit: integer
// returns: many
// mode: read
MATCH (e:Event)
WHERE size(coalesce(e.forms, [])) > 0 AND NOT EXISTS { (e)-[:HAS_FORM]->(:Concept) }
RETURN e.id AS id ORDER BY id LIMIT $limit;

// name: relation_without_event
// what: people whose relation to another was told by no event that is there
// param limit: integer
// returns: many
// mode: read
MATCH (p:Person)-[l:RELATED_TO]->(q:Person)
WHERE NOT EXISTS { MATCH (e:Event) WHERE e.id = l.event }
RETURN DISTINCT p.id AS id ORDER BY id LIMIT $limit;

// name: event_number
// what: how many events there are
// returns: one
// mode: read
MATCH (e:Event) RETURN count(e) AS events;

// name: event_records
// what: properties and coding of the events between two ids
// param low: string
// param high: string
// returns: many
// mode: read
MATCH (e:Event)-[:CODED_BY]->(c:Coding)
WHERE e.id >= $low AND e.id < $high
RETURN e.id AS id, properties(e) AS properties, c.lists AS coding;

// name: part_records
// what: properties and coding of the parts in events between two ids
// param low: string
// param high: string
// returns: many
// mode: read
MATCH (e:Event) WHERE e.id >= $low AND e.id < $high
MATCH (:Person)-[r:VICTIM_IN|PERPETRATOR_IN]->(e)-[:CODED_BY]->(c:Coding)
RETURN r.key AS id, properties(r) AS properties, c.lists AS coding;

// name: group_records
// what: properties and coding of the groups in events between two ids
// param low: string
// param high: string
// returns: many
// mode: read
MATCH (e:Event) WHERE e.id >= $low AND e.id < $high
MATCH (g:Group)-[:GROUP_IN]->(e)-[:CODED_BY]->(c:Coding)
RETURN g.id AS id, properties(g) AS properties, c.lists AS coding;
