// Case records: what is read, and how a chunk of them is written.
// Scope: in_scope(e), the predicate of registry.access.scope, stands in each statement that reads, at each event it
// reaches; a person is seen through the events that are.

// name: lock_identity
// what: nothing; the installation's mark is locked until the transaction ends
// returns: none
// mode: write
MATCH (i:Installation {key: 'installation'})
SET i.identity_touched = coalesce(i.identity_touched, 0) + 1;

// name: identity_key
// what: the key that ids are made with, in hexadecimal digits. Run after lock_identity
// param fresh: string - the key if there is none
// returns: one
// mode: write
MATCH (i:Installation {key: 'installation'})
SET i.identity_key = coalesce(i.identity_key, $fresh)
RETURN i.identity_key AS identity_key;

// name: known_identity_key
// what: the key that ids are made with; no row before the first delivery
// returns: one
// mode: read
MATCH (i:Installation {key: 'installation'})
WHERE i.identity_key IS NOT NULL
RETURN i.identity_key AS identity_key;

// name: put_entities
// what: nothing; reporting entities are there with these names, types and areas
// param rows: list of {id, properties}
// returns: none
// mode: write
UNWIND $rows AS row
MERGE (n:ReportingEntity {id: row.id})
SET n = row.properties;

// name: ensure_entities
// what: nothing; every entity is there, a new one under its id as name
// param ids: list of string
// returns: none
// mode: write
UNWIND $ids AS id
MERGE (n:ReportingEntity {id: id})
ON CREATE SET n.name = id;

// name: ensure_batch
// what: nothing; the batch and its coding are there
// param batch: {id, entity, mapping, digest, source_type}
// param coding: string - the coding's id
// param lists: list of string - variable=scheme/version
// returns: none
// mode: write
MERGE (b:Batch {id: $batch.id}) SET b += $batch
MERGE (c:Coding {id: $coding}) SET c.lists = $lists;

// name: note_newest
// what: nothing; the batch knows a place at or below that of each of its events
// param batch: string
// param newest: string - the lowest place of a chunk
// returns: none
// mode: write
MATCH (b:Batch {id: $batch})
SET b.newest = CASE WHEN b.newest IS NULL OR b.newest > $newest THEN $newest ELSE b.newest END;

// name: newest_place
// what: a place at or below that of every event, null without batches
// returns: one
// mode: read
MATCH (b:Batch)
RETURN min(b.newest) AS newest;

// name: ensure_areas
// what: nothing; every area is there
// param rows: list of {id, kind}
// returns: none
// mode: write
UNWIND $rows AS row
MERGE (a:Area {id: row.id}) SET a.kind = row.kind;

// name: ensure_concepts
// what: nothing; every concept is there
// param rows: list of {id, scheme, version, code}
// returns: none
// mode: write
UNWIND $rows AS row
MERGE (c:Concept {id: row.id}) SET c = row;

// name: link_areas
// what: nothing; every area is linked to the next broader one
// param rows: list of {key, narrow, broad}
// returns: none
// mode: write
UNWIND $rows AS row
MATCH (n:Area {id: row.narrow}) MATCH (b:Area {id: row.broad})
MERGE (n)-[r:BROADER {key: row.key}]->(b);

// name: link_concepts
// what: nothing; every concept is linked to the next broader one
// param rows: list of {key, narrow, broad}
// returns: none
// mode: write
UNWIND $rows AS row
MATCH (n:Concept {id: row.narrow}) MATCH (b:Concept {id: row.broad})
MERGE (n)-[r:BROADER {key: row.key}]->(b);

// name: known_events
// what: ids and content digests of the events that are there, and their participants' ids
// param ids: list of string
// returns: one
// mode: read
MATCH (e:Event) WHERE e.id IN $ids
RETURN collect(e.id) AS ids, collect(e.digest) AS digests;

// name: lock_events
// what: nothing; the events are locked until the transaction ends
// param ids: list of string
// returns: none
// mode: write
UNWIND $ids AS id
MATCH (e:Event {id: id})
SET e.touched = coalesce(e.touched, 0) + 1;

// name: participants
// what: ids of the people of some events
// param ids: list of string
// returns: one
// mode: read
MATCH (e:Event) WHERE e.id IN $ids
MATCH (p:Person)-[:VICTIM_IN|PERPETRATOR_IN]->(e)
RETURN collect(DISTINCT p.id) AS people;

// name: clear_links
// what: nothing; the person-to-person links that the events told are gone
// param ids: list of string - events
// param people: list of string
// returns: none
// mode: write
UNWIND $people AS person
MATCH (p:Person {id: person})-[l:RELATED_TO]->(:Person)
WHERE l.event IN $ids
DELETE l;

// name: clear_groups
// what: nothing; the events' groups are gone
// param ids: list of string
// returns: none
// mode: write
UNWIND $ids AS id
MATCH (g:Group)-[:GROUP_IN]->(e:Event {id: id})
DETACH DELETE g;

// name: clear_events
// what: nothing; the events stand alone, without what their records told; judgements stay
// param ids: list of string
// returns: none
// mode: write
UNWIND $ids AS id
MATCH (e:Event {id: id})-[r]-()
WHERE type(r) <> 'SAME_AS'
DELETE r;

// name: countries_of_entities
// what: reporting entities whose area is a country, and the country: two columns of one row
// param ids: list of string
// returns: one
// mode: read
MATCH (n:ReportingEntity) WHERE n.id IN $ids AND size(n.area) = 2
RETURN collect(n.id) AS ids, collect(n.area) AS countries;

// name: create_events
// what: nothing; new events with their batch, coding and reporting entity
// param batch: string
// param coding: string
// param rows: list of {entity, properties}
// returns: none
// mode: write
MATCH (b:Batch {id: $batch}) MATCH (c:Coding {id: $coding})
UNWIND $rows AS row
MATCH (n:ReportingEntity {id: row.entity})
CREATE (e:Event) SET e = row.properties
CREATE (e)-[:IN_BATCH]->(b) CREATE (e)-[:CODED_BY]->(c) CREATE (e)-[:REPORTED_BY]->(n);

// name: replace_events
// what: nothing; locked and cleared events hold the new record; who holds them and an informant's mark stay
// param batch: string
// param coding: string
// param rows: list of {entity, properties}
// returns: none
// mode: write
MATCH (b:Batch {id: $batch}) MATCH (c:Coding {id: $coding})
UNWIND $rows AS row
MATCH (n:ReportingEntity {id: row.entity})
MATCH (e:Event {id: row.properties.id})
WITH b, c, row, n, e, e.holder AS holder, coalesce(e.informant, false) AS informant
SET e = row.properties
SET e.holder = coalesce(holder, e.holder), e.informant = informant,
    e.marks = e.marks + CASE WHEN informant THEN 4 ELSE 0 END
CREATE (e)-[:IN_BATCH]->(b) CREATE (e)-[:CODED_BY]->(c) CREATE (e)-[:REPORTED_BY]->(n);

// name: merge_people
// what: nothing; every person is there, a new one under this entity
// param rows: list of {id, entity}
// returns: none
// mode: write
UNWIND $rows AS row
MERGE (p:Person {id: row.id})
ON CREATE SET p.entity = row.entity;

// name: create_victims
// what: nothing; the victims' parts
// param rows: list of {person, event, properties}
// returns: none
// mode: write
UNWIND $rows AS row
MATCH (p:Person {id: row.person}) MATCH (e:Event {id: row.event})
CREATE (p)-[r:VICTIM_IN]->(e) SET r = row.properties;

// name: create_perpetrators
// what: nothing; the perpetrators' parts
// param rows: list of {person, event, properties}
// returns: none
// mode: write
UNWIND $rows AS row
MATCH (p:Person {id: row.person}) MATCH (e:Event {id: row.event})
CREATE (p)-[r:PERPETRATOR_IN]->(e) SET r = row.properties;

// name: create_groups
// what: nothing; the parts of several unnamed people: never a Person, so never counted as one
// param rows: list of {event, properties}
// returns: none
// mode: write
UNWIND $rows AS row
MATCH (e:Event {id: row.event})
CREATE (g:Group) SET g = row.properties
CREATE (g)-[:GROUP_IN]->(e);

// name: create_decisions
// what: nothing; what entities decided
// param rows: list of {event, entity, properties}
// returns: none
// mode: write
UNWIND $rows AS row
MATCH (e:Event {id: row.event}) MATCH (n:ReportingEntity {id: row.entity})
CREATE (e)-[r:DECIDED_BY]->(n) SET r = row.properties;

// name: create_recorded_in
// what: nothing; where events were recorded
// param rows: list of {event, area}
// returns: none
// mode: write
UNWIND $rows AS row
MATCH (e:Event {id: row.event}) MATCH (a:Area {id: row.area})
CREATE (e)-[:RECORDED_IN]->(a);

// name: create_exploited_in
// what: nothing; where people were exploited
// param rows: list of {event, area}
// returns: none
// mode: write
UNWIND $rows AS row
MATCH (e:Event {id: row.event}) MATCH (a:Area {id: row.area})
CREATE (e)-[:EXPLOITED_IN]->(a);

// name: create_transited
// what: nothing; what was passed through, in order from 0
// param rows: list of {event, area, order}
// returns: none
// mode: write
UNWIND $rows AS row
MATCH (e:Event {id: row.event}) MATCH (a:Area {id: row.area})
CREATE (e)-[:TRANSITED {order: row.order}]->(a);

// name: create_forms
// what: nothing; the forms of events, recorded or derived
// param rows: list of {event, concept, derived}
// returns: none
// mode: write
UNWIND $rows AS row
MATCH (e:Event {id: row.event}) MATCH (c:Concept {id: row.concept})
CREATE (e)-[:HAS_FORM {derived: row.derived}]->(c);

// name: merge_citizenships
// what: nothing; the citizenships that some part tells
// param rows: list of {key, person, area}
// returns: none
// mode: write
UNWIND $rows AS row
MATCH (p:Person {id: row.person}) MATCH (a:Area {id: row.area})
MERGE (p)-[r:CITIZEN_OF {key: row.key}]->(a);

// name: merge_residences
// what: nothing; the last residences that some part tells
// param rows: list of {key, person, area}
// returns: none
// mode: write
UNWIND $rows AS row
MATCH (p:Person {id: row.person}) MATCH (a:Area {id: row.area})
MERGE (p)-[r:RESIDED_IN {key: row.key}]->(a);

// name: create_links
// what: nothing; the person-to-person relations that events told
// param rows: list of {source, target, event, relationship, told}
// returns: none
// mode: write
UNWIND $rows AS row
MATCH (p:Person {id: row.source}) MATCH (q:Person {id: row.target})
CREATE (p)-[:RELATED_TO {event: row.event, relationship: row.relationship, told: row.told}]->(q);

// name: merge_identifiers
// what: nothing; every identifier is there, as a token
// param rows: list of {id, kind}
// returns: none
// mode: write
UNWIND $rows AS row
MERGE (i:Identifier {id: row.id}) SET i.kind = row.kind;

// name: create_identified
// what: nothing; the identifiers that events tell, of themselves or of a person, and since when they tell them
// param rows: list of {event, identifier, person, told_at}
// returns: none
// mode: write
UNWIND $rows AS row
MATCH (e:Event {id: row.event}) MATCH (i:Identifier {id: row.identifier})
CREATE (e)-[:HAS_IDENTIFIER {person: row.person, told_at: row.told_at}]->(i);

// name: sightings
// what: a row an event and person that an identifier is told of; person "" for the event itself
// param id: string - the token
// param scope: map - registry.access.scope
// param limit: integer
// returns: many
// mode: read
MATCH (i:Identifier {id: $id})<-[h:HAS_IDENTIFIER]-(e:Event)
WHERE in_scope(e)
RETURN DISTINCT e.id AS event, e.entity AS entity, h.person AS person
ORDER BY event, person LIMIT $limit;

// name: identifiers_told
// what: one row of columns, an identifier that some event tells each: event, token, person, and since when it tells it
// param ids: list of string
// returns: one
// mode: read
MATCH (e:Event) WHERE e.id IN $ids
MATCH (e)-[h:HAS_IDENTIFIER]->(i:Identifier)
RETURN collect(e.id) AS events, collect(i.id) AS identifiers, collect(h.person) AS people,
       collect(coalesce(h.told_at, 0)) AS told_at;

// name: drop_identifiers
// what: nothing; identifiers that no event tells any more are gone
// param ids: list of string
// returns: none
// mode: write
UNWIND $ids AS id
MATCH (i:Identifier {id: id})
WHERE NOT EXISTS { (i)<-[:HAS_IDENTIFIER]-() }
DELETE i;

// name: drop_citizenships
// what: nothing; citizenships that no part tells any more are gone
// param people: list of string
// returns: none
// mode: write
UNWIND $people AS person
MATCH (p:Person {id: person})-[r:CITIZEN_OF]->(a:Area)
WHERE NOT EXISTS {
  MATCH (p)-[v:VICTIM_IN|PERPETRATOR_IN]->(:Event)
  WHERE a.id IN coalesce(v.codes_civ, []) OR a.id IN coalesce(v.codes_cip, []) }
DELETE r;

// name: drop_residences
// what: nothing; residences that no part tells any more are gone
// param people: list of string
// returns: none
// mode: write
UNWIND $people AS person
MATCH (p:Person {id: person})-[r:RESIDED_IN]->(a:Area)
WHERE NOT EXISTS { MATCH (p)-[v:VICTIM_IN]->(:Event) WHERE a.id IN coalesce(v.codes_lcv, []) }
DELETE r;

// name: drop_people
// what: nothing; people of whom no event tells any more, and on whom no judgement stands, are gone
// param people: list of string
// returns: none
// mode: write
UNWIND $people AS person
MATCH (p:Person {id: person})
WHERE NOT EXISTS { (p)-[:VICTIM_IN|PERPETRATOR_IN|SAME_AS]-() }
DETACH DELETE p;

// name: events_by_id
// what: a row an event: its properties, coding, parts, groups, decisions, links and re-codings
// param ids: list of string
// param scope: map - registry.access.scope
// returns: many
// mode: read
MATCH (e:Event)-[:CODED_BY]->(c:Coding)
WHERE e.id IN $ids AND in_scope(e)
RETURN properties(e) AS event, c.lists AS coding,
  COLLECT { MATCH (p:Person)-[r:VICTIM_IN|PERPETRATOR_IN]->(e)
            RETURN {person: p.id, type: type(r), properties: properties(r)} } AS parts,
  COLLECT { MATCH (g:Group)-[:GROUP_IN]->(e) RETURN properties(g) } AS groups,
  COLLECT { MATCH (e)-[d:DECIDED_BY]->(n:ReportingEntity)
            RETURN {entity: n.id, properties: properties(d)} } AS decisions,
  COLLECT { MATCH (e)<-[:VICTIM_IN|PERPETRATOR_IN]-(p:Person)-[l:RELATED_TO]->(q:Person)
            WHERE l.event = e.id
            RETURN DISTINCT {source: p.id, target: q.id, relationship: l.relationship} } AS links,
  COLLECT { MATCH (e)-[k:RECODED_IN]->(b:RecodeBatch)
            RETURN {batch: b.id, number: k.number, coding: k.coding, kept: k.kept} } AS recodings;

// name: narrower_areas
// what: ids of the area and of all inside it
// param id: string
// returns: one
// mode: read
MATCH (a:Area {id: $id})<-[:BROADER*0..8]-(n:Area)
RETURN collect(DISTINCT n.id) AS ids;

// name: narrower_forms
// what: ids of the concepts of that unit and of its sub-units, whichever release they belong to
// param code: string
// returns: one
// mode: read
MATCH (c:Concept)<-[:BROADER*0..4]-(n:Concept)
WHERE c.scheme = 'units' AND c.code = $code
RETURN collect(DISTINCT n.id) AS ids;

// name: codings_of
// what: ids of the codings in which a variable's codes belong to a version of its list
// param begin: string - variable=
// param end: string - /version
// returns: one
// mode: read
MATCH (c:Coding)
WHERE any(named IN c.lists WHERE named STARTS WITH $begin AND named ENDS WITH $end)
RETURN collect(c.id) AS ids;

// fragment: event_matches
// what: the filter of the list of events
// param scope: map - registry.access.scope
// param entity: string or null
// param from: integer or null - microseconds
// param until: integer or null - microseconds
// param forms: list of string or null - concept ids
// param areas: list of string or null
// param area_roles: list of string - relationship types
// param codes: string or null - the property that holds codes
// param code: string or null
// param codings: list of string or null - the only codings that records may be in; the code is then sought at every
//       place of a record that holds codes
// param transit: string or null - the code, where areas passed through are coded like the variable
// param stage: string or null - how the texts of stages with the code begin, where these are coded like the variable
// param relationship: string or null - the code, where relations of people are coded like the variable
// param missing: string or null - the property that holds a missing state
// param formless: boolean - without any form
in_scope(e)
  AND ($entity IS NULL OR e.entity = $entity)
  AND ($from IS NULL OR e.latest_dat >= $from)
  AND ($until IS NULL OR e.earliest_dat <= $until)
  AND ($forms IS NULL OR EXISTS { MATCH (e)-[:HAS_FORM]->(c:Concept) WHERE c.id IN $forms })
  AND ($areas IS NULL OR EXISTS { MATCH (e)-[r:RECORDED_IN|EXPLOITED_IN|TRANSITED]->(a:Area)
                                  WHERE type(r) IN $area_roles AND a.id IN $areas })
  AND ($codes IS NULL OR $code IN e[$codes]
       OR EXISTS { MATCH (e)<-[r:VICTIM_IN|PERPETRATOR_IN]-(p:Person)
                   WHERE $code IN r[$codes] }
       OR EXISTS { MATCH (e)<-[:GROUP_IN]-(g:Group) WHERE $code IN g[$codes] }
       OR ($codings IS NOT NULL
           AND ($transit IN e.transits
                OR EXISTS { MATCH (e)-[d:DECIDED_BY]->(n:ReportingEntity) WHERE $code IN d[$codes] }
                OR EXISTS { MATCH (e)<-[r:PERPETRATOR_IN]-(p:Person)
                            WHERE any(told IN r.stages WHERE told STARTS WITH $stage) }
                OR EXISTS { MATCH (e)<-[:GROUP_IN]-(g:Group) WHERE any(told IN g.stages WHERE told STARTS WITH $stage) }
                OR EXISTS { MATCH (e)<-[:VICTIM_IN|PERPETRATOR_IN]-(p:Person)-[l:RELATED_TO]->(q:Person)
                            WHERE l.event = e.id AND l.relationship = $relationship })))
  AND ($codings IS NULL OR e.coding IN $codings)
  AND ($missing IS NULL OR e[$missing] IS NOT NULL
       OR EXISTS { MATCH (e)<-[r:VICTIM_IN|PERPETRATOR_IN]-(p:Person)
                   WHERE r[$missing] IS NOT NULL }
       OR EXISTS { MATCH (e)<-[:GROUP_IN]-(g:Group) WHERE g[$missing] IS NOT NULL })
  AND (NOT $formless OR NOT EXISTS { (e)-[:HAS_FORM]->(:Concept) })

// name: event_places
// what: ids and places of events in order of place
// param after: string
// param before: string
// param limit: integer
// returns: many
// mode: read
MATCH (e:Event)
WHERE e.place > $after AND e.place < $before
  AND event_matches(e)
RETURN e.id AS id, e.place AS place
ORDER BY place LIMIT $limit;

// name: event_columns
// what: ids and places of all events of a stretch, in no order, as two columns of one row
// param after: string
// param before: string
// returns: one
// mode: read
MATCH (e:Event)
WHERE e.place > $after AND e.place < $before
  AND event_matches(e)
RETURN collect(e.id) AS ids, collect(e.place) AS places;

// name: event_places_backward
// what: ids and places of events in falling order of place
// param after: string
// param before: string
// param limit: integer
// returns: many
// mode: read
MATCH (e:Event)
WHERE e.place > $after AND e.place < $before
  AND event_matches(e)
RETURN e.id AS id, e.place AS place
ORDER BY place DESC LIMIT $limit;

// name: count_events
// what: how many events there are
// returns: one
// mode: read
MATCH (e:Event)
WHERE event_matches(e)
RETURN count(e) AS total;

// name: person
// what: a person's parts by columns, and the links at either end
// param id: string
// param scope: map - registry.access.scope
// returns: one
// mode: read
MATCH (p:Person {id: $id})
WHERE $scope.all OR EXISTS { MATCH (p)-[:VICTIM_IN|PERPETRATOR_IN]->(e:Event) WHERE in_scope(e) }
RETURN p.entity AS entity,
  COLLECT { MATCH (p)-[r:VICTIM_IN|PERPETRATOR_IN]->(e:Event)-[:CODED_BY]->(c:Coding)
            WHERE in_scope(e)
            RETURN {event: e.id, person: p.id, type: type(r), properties: properties(r), coding: c.lists} } AS parts,
  COLLECT { MATCH (p)-[l:RELATED_TO]-(:Person) MATCH (e:Event {id: l.event})
            WHERE in_scope(e)
            RETURN {source: startNode(l).id, target: endNode(l).id, event: l.event,
                    relationship: l.relationship} } AS links;

// name: reporting_entity
// what: an entity and how many events it told
// param id: string
// param scope: map - registry.access.scope
// returns: one
// mode: read
MATCH (n:ReportingEntity {id: $id})
WHERE ($scope.all OR EXISTS { MATCH (n)<-[:REPORTED_BY]-(e:Event) WHERE in_scope(e) })
RETURN n.id AS id, n.name AS name, n.type AS type, n.area AS area,
       COUNT { MATCH (n)<-[:REPORTED_BY]-(e:Event) WHERE in_scope(e) } AS events;

// name: reporting_entities
// what: a row an entity, by id
// param after: string
// param before: string
// param limit: integer
// param scope: map - registry.access.scope
// returns: many
// mode: read
MATCH (n:ReportingEntity)
WHERE n.id > $after AND n.id < $before AND ($scope.all OR EXISTS { MATCH (n)<-[:REPORTED_BY]-(e:Event) WHERE in_scope(e) })
WITH n ORDER BY n.id LIMIT $limit
RETURN n.id AS id, n.name AS name, n.type AS type, n.area AS area,
       COUNT { MATCH (n)<-[:REPORTED_BY]-(e:Event) WHERE in_scope(e) } AS events
ORDER BY id;

// name: reporting_entities_backward
// what: a row an entity, by falling id
// param after: string
// param before: string
// param limit: integer
// param scope: map - registry.access.scope
// returns: many
// mode: read
MATCH (n:ReportingEntity)
WHERE n.id > $after AND n.id < $before AND ($scope.all OR EXISTS { MATCH (n)<-[:REPORTED_BY]-(e:Event) WHERE in_scope(e) })
WITH n ORDER BY n.id DESC LIMIT $limit
RETURN n.id AS id, n.name AS name, n.type AS type, n.area AS area,
       COUNT { MATCH (n)<-[:REPORTED_BY]-(e:Event) WHERE in_scope(e) } AS events
ORDER BY id DESC;

// name: count_entities
// what: how many reporting entities there are
// param scope: map - registry.access.scope
// returns: one
// mode: read
MATCH (n:ReportingEntity)
WHERE ($scope.all OR EXISTS { MATCH (n)<-[:REPORTED_BY]-(e:Event) WHERE in_scope(e) })
RETURN count(n) AS total;

// name: usage
// what: how many events, people and groups there are
// param scope: map - registry.access.scope
// returns: one
// mode: read
RETURN COUNT { MATCH (e:Event) WHERE in_scope(e) } AS events,
       COUNT { MATCH (p:Person)
               WHERE $scope.all OR EXISTS { MATCH (p)-[:VICTIM_IN|PERPETRATOR_IN]->(e:Event) WHERE in_scope(e) } } AS people,
       COUNT { MATCH (g:Group)-[:GROUP_IN]->(e:Event) WHERE in_scope(e) } AS groups;
