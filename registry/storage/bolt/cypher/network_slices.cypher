// Whole events for questions about many of them: one row of collected columns, an entry an event.
// The same bounds stand in every statement, behind the scope and before limits and hub guards.
// Neither engine collects a null: an event without a date has `undated` for both its ends.

// fragment: lies_within
// param scope: map - registry.access.scope
// param since: integer or null - the window, microseconds
// param until: integer or null
// param entity: string or null
// param forms: list of string or null - concept ids
// param areas: list of string or null
// param only_events: list of string or null - null is every event
in_scope(e)
  AND ($since IS NULL OR (e.until >= $since AND e.since <= $until))
  AND ($entity IS NULL OR e.entity = $entity)
  AND ($forms IS NULL OR EXISTS { MATCH (e)-[:HAS_FORM]->(c:Concept) WHERE c.id IN $forms })
  AND ($areas IS NULL OR EXISTS { MATCH (e)-[:RECORDED_IN|EXPLOITED_IN|TRANSITED]->(a:Area) WHERE a.id IN $areas })
  AND ($only_events IS NULL OR e.id IN $only_events)

// fragment: counts(r, p)
// param only_people: list of string or null - null is everybody
is_asked(r) AND ($only_people IS NULL OR p.id IN $only_people)

// fragment: is_asked(r)
// param as_victim: boolean - whether being a victim counts
// param as_perpetrator: boolean - whether being a perpetrator does
CASE type(r) WHEN 'VICTIM_IN' THEN $as_victim ELSE $as_perpetrator END

// name: scan
// what: the first events behind a place in a stretch of the list, with everybody who took part
// param after: string
// param before: string
// param limit: integer
// param undated: integer - stands for no date
// returns: one
// mode: read
MATCH (e:Event)
WHERE e.place > $after AND e.place < $before
  AND lies_within(e)
WITH e ORDER BY e.place LIMIT $limit
OPTIONAL MATCH (e)<-[r:VICTIM_IN|PERPETRATOR_IN]-(p:Person)
WHERE counts(r, p)
WITH e, collect(p.id) AS people, collect(type(r)) AS kinds,
     collect(CASE WHEN r IS NULL THEN null ELSE coalesce(r.codes_rpp, []) END) AS roles,
     collect(CASE WHEN r IS NULL THEN null ELSE coalesce(r.tokens, []) END) AS held
RETURN collect(e.id) AS ids, collect(e.place) AS places, collect(e.entity) AS entities,
       collect(coalesce(e.since, $undated)) AS sinces, collect(coalesce(e.until, $undated)) AS untils,
       collect(coalesce(e.codes_coe, [])) AS exploited, collect(coalesce(e.codes_geo, [])) AS recorded,
       collect(coalesce(e.tokens, [])) AS tokens, collect(people) AS people, collect(kinds) AS kinds,
       collect(roles) AS roles, collect(held) AS held;

// name: facts
// what: these events, as far as they exist, with everybody who took part
// param ids: list of string
// param undated: integer - stands for no date
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (e:Event {id: id})
WHERE lies_within(e)
OPTIONAL MATCH (e)<-[r:VICTIM_IN|PERPETRATOR_IN]-(p:Person)
WHERE counts(r, p)
WITH e, collect(p.id) AS people, collect(type(r)) AS kinds,
     collect(CASE WHEN r IS NULL THEN null ELSE coalesce(r.codes_rpp, []) END) AS roles,
     collect(CASE WHEN r IS NULL THEN null ELSE coalesce(r.tokens, []) END) AS held
RETURN collect(e.id) AS ids, collect(e.place) AS places, collect(e.entity) AS entities,
       collect(coalesce(e.since, $undated)) AS sinces, collect(coalesce(e.until, $undated)) AS untils,
       collect(coalesce(e.codes_coe, [])) AS exploited, collect(coalesce(e.codes_geo, [])) AS recorded,
       collect(coalesce(e.tokens, [])) AS tokens, collect(people) AS people, collect(kinds) AS kinds,
       collect(roles) AS roles, collect(held) AS held;

// name: met_by_people
// what: for each of these people their events, or nothing but how many beyond the hub guard
// param ids: list of string
// param hub_limit: integer
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (p:Person {id: id})-[r:VICTIM_IN|PERPETRATOR_IN]->(e:Event)
WHERE counts(r, p) AND lies_within(e)
WITH id, collect(DISTINCT e.id) AS events
RETURN collect(id) AS near, collect(size(events)) AS degrees,
       collect(CASE WHEN size(events) <= $hub_limit THEN events ELSE [] END) AS far;

// name: met_by_addresses
// what: for each address that one of these events tells of itself the events that tell it, or only how many
// param ids: list of string
// param hub_limit: integer
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (s:Event {id: id})-[h:HAS_IDENTIFIER]->(i:Identifier {kind: 'address'})
WHERE in_scope(s) AND h.person = ''
WITH DISTINCT i
MATCH (i)<-[g:HAS_IDENTIFIER]-(e:Event)
WHERE g.person = '' AND lies_within(e)
WITH i, collect(DISTINCT e.id) AS events
RETURN collect(i.id) AS near, collect(size(events)) AS degrees,
       collect(CASE WHEN size(events) <= $hub_limit THEN events ELSE [] END) AS far;

// name: met_by_identifiers
// what: for each identifier that is told of one of these people the events that tell it of somebody, or only how many
// param ids: list of string - people
// param only_people: list of string or null - null is everybody
// param hub_limit: integer
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (p:Person {id: id})-[:VICTIM_IN|PERPETRATOR_IN]->(s:Event)-[h:HAS_IDENTIFIER]->(i:Identifier)
WHERE in_scope(s) AND h.person = id
WITH DISTINCT i
MATCH (i)<-[g:HAS_IDENTIFIER]-(e:Event)
WHERE g.person <> '' AND ($only_people IS NULL OR g.person IN $only_people) AND lies_within(e)
WITH i, collect(DISTINCT e.id) AS events
RETURN collect(i.id) AS near, collect(size(events)) AS degrees,
       collect(CASE WHEN size(events) <= $hub_limit THEN events ELSE [] END) AS far;
