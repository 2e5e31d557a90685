// Links for growing networks: one row of collected columns each, which beats a row a link about sevenfold.
// Scope, kinds and window decide what is a link at all; only then are degrees compared with the hub guard.
// $every says that every kind of participation counts, which spares looking at each link's type.

// fragment: in_view
// param scope: map - registry.access.scope
// param since: integer or null - the window, microseconds
// param until: integer or null
in_scope(e) AND ($since IS NULL OR (e.until >= $since AND e.since <= $until))

// fragment: is_about
// param forms: list of string or null - codes of units
// param areas: list of string or null
($forms IS NULL OR EXISTS { MATCH (e)-[:HAS_FORM]->(:Concept)-[:BROADER*0..4]->(c:Concept)
                            WHERE c.code IN $forms })
AND ($areas IS NULL OR EXISTS { MATCH (e)-[:RECORDED_IN|EXPLOITED_IN|TRANSITED]->(:Area)-[:BROADER*0..8]->(n:Area)
                                WHERE n.id IN $areas })

// name: begin_person
// what: the person's events, and the people of each event unless the events alone fill the budget
// param id: string
// param every: boolean
// param kinds: list of string - relationship types
// param budget: integer - nodes
// param hub_limit: integer - links of an event that is still expanded
// param most: integer - links that are told; of more only their number is
// param second: boolean - whether the second hop is asked for
// returns: one
// mode: read
MATCH (s:Person {id: $id})
WHERE $scope.all OR EXISTS { MATCH (s)-[:VICTIM_IN|PERPETRATOR_IN]->(e:Event) WHERE in_scope(e) }
CALL (s) {
  MATCH (s)-[r:VICTIM_IN|PERPETRATOR_IN]->(e:Event)
  WHERE ($every OR type(r) IN $kinds) AND in_view(e)
  RETURN collect(e) AS ends, collect(type(r)) AS kinds }
CALL (ends) {
  UNWIND CASE WHEN $second AND size(ends) < $budget THEN ends ELSE [] END AS e
  WITH DISTINCT e
  MATCH (e)<-[q:VICTIM_IN|PERPETRATOR_IN]-(p:Person)
  WHERE ($every OR type(q) IN $kinds)
  WITH e, collect(p.id) AS people, collect(type(q)) AS types
  RETURN collect(e.id) AS near, collect(size(people)) AS degrees,
         collect(CASE WHEN size(people) <= $hub_limit THEN people ELSE [] END) AS far,
         collect(CASE WHEN size(people) <= $hub_limit THEN types ELSE [] END) AS far_kinds }
RETURN s.entity AS entity, size(ends) AS degree,
       CASE WHEN size(ends) <= $most THEN [e IN ends | e.id] ELSE [] END AS ends,
       CASE WHEN size(ends) <= $most THEN kinds ELSE [] END AS kinds, near, degrees, far, far_kinds;

// name: begin_event
// what: the event's people, and the events of each person unless the people alone fill the budget
// param id: string
// param every: boolean
// param kinds: list of string - relationship types
// param budget: integer - nodes
// param hub_limit: integer - links of a person who is still expanded
// param counted: integer - links of a person that are read
// param most: integer - links that are told; of more only their number is
// param second: boolean - whether the second hop is asked for
// returns: one
// mode: read
MATCH (s:Event {id: $id})
WHERE in_scope(s)
CALL (s) {
  MATCH (s)<-[r:VICTIM_IN|PERPETRATOR_IN]-(p:Person)
  WHERE ($every OR type(r) IN $kinds)
    AND ($since IS NULL OR (s.until >= $since AND s.since <= $until))
  RETURN collect(p) AS ends, collect(type(r)) AS kinds }
CALL (ends) {
  UNWIND CASE WHEN $second AND size(ends) < $budget THEN ends ELSE [] END AS p
  WITH DISTINCT p
  CALL (p) {
    MATCH (p)-[q:VICTIM_IN|PERPETRATOR_IN]->(e:Event)
    WHERE ($every OR type(q) IN $kinds) AND in_view(e)
    WITH e, q LIMIT $counted
    RETURN collect(e.id) AS events, collect(type(q)) AS types }
  RETURN collect(p.id) AS near, collect(size(events)) AS degrees,
         collect(CASE WHEN size(events) <= $hub_limit THEN events ELSE [] END) AS far,
         collect(CASE WHEN size(events) <= $hub_limit THEN types ELSE [] END) AS far_kinds }
RETURN s.entity AS entity, size(ends) AS degree,
       CASE WHEN size(ends) <= $most THEN [p IN ends | p.id] ELSE [] END AS ends,
       CASE WHEN size(ends) <= $most THEN kinds ELSE [] END AS kinds, near, degrees, far, far_kinds;

// name: between_people
// what: of two people their events, the people of those, what may be asked of nodes that both lead to, and evidence
// param source: string
// param target: string
// param every: boolean
// param kinds: list of string - relationship types
// param hub_limit: integer - links of an event that is still expanded
// param ahead: integer - events of both, of which the people are read; of more none
// param enough: integer or null - events of both, else people that both lead to, beside whom no others are told
// param budget: integer - nodes
// returns: one
// mode: read
MATCH (a:Person {id: $source})
WHERE $scope.all OR EXISTS { MATCH (a)-[:VICTIM_IN|PERPETRATOR_IN]->(e:Event) WHERE in_scope(e) }
MATCH (b:Person {id: $target})
WHERE $scope.all OR EXISTS { MATCH (b)-[:VICTIM_IN|PERPETRATOR_IN]->(e:Event) WHERE in_scope(e) }
CALL (a) {
  MATCH (a)-[r:VICTIM_IN|PERPETRATOR_IN]->(e:Event)
  WHERE ($every OR type(r) IN $kinds) AND in_view(e)
  RETURN collect(e) AS first, collect(type(r)) AS first_kinds }
CALL (b) {
  MATCH (b)-[r:VICTIM_IN|PERPETRATOR_IN]->(e:Event)
  WHERE ($every OR type(r) IN $kinds) AND in_view(e)
  RETURN collect(e) AS last, collect(type(r)) AS last_kinds }
CALL (first, last) {
  UNWIND CASE WHEN size(first) + size(last) <= $ahead THEN first + last ELSE [] END AS e
  WITH DISTINCT e, CASE WHEN e IN first THEN e.id END AS begin, CASE WHEN e IN last THEN e.id END AS end
  MATCH (e)<-[q:VICTIM_IN|PERPETRATOR_IN]-(:Person)
  WHERE ($every OR type(q) IN $kinds)
  WITH e, begin, end, count(q) AS degree
  WITH e, begin, end, degree, is_about(e) AS wanted
  RETURN collect(e.id) AS near, collect(degree) AS degrees, collect(CASE WHEN wanted THEN e.id END) AS matching,
         collect(CASE WHEN wanted AND degree <= $hub_limit THEN [e, begin, end] END) AS open,
         collect(CASE WHEN wanted AND degree > $hub_limit THEN e.id END) AS hubs }
WITH a.entity AS source_entity, b.entity AS target_entity, first, first_kinds, last, last_kinds,
     near, degrees, matching, open, hubs,
     size(first) < $budget - $budget / 2 AND size(last) < $budget - $budget / 2 AS has_room,
     [each IN open WHERE each[1] = each[2] | each[0]] AS shared
CALL (open, shared, has_room) {
  UNWIND CASE WHEN size(shared) >= $enough AND has_room THEN [] ELSE open END AS each
  WITH each[0] AS e, each[1] AS begin, each[2] AS end
  MATCH (e)<-[q:VICTIM_IN|PERPETRATOR_IN]-(p:Person)
  WHERE ($every OR type(q) IN $kinds)
  WITH p, collect(e) AS way, collect(type(q)) AS types, min(begin) AS begins, min(end) AS ends, max(end) AS other,
       min(CASE WHEN end IS NULL THEN begin END) AS apart
  WITH p, way, types, begins IS NOT NULL AND ends IS NOT NULL AS twice,
       CASE WHEN ends = other THEN apart ELSE begins END AS begins
  RETURN collect(p) AS people, collect(way) AS ways, collect(types) AS way_kinds,
         count(CASE WHEN twice THEN 1 END) AS twice,
         collect(CASE WHEN twice AND begins IS NOT NULL AND NOT p.id IN [$source, $target]
                      THEN [p, way, types, begins] END) AS met }
CALL (met) {
  UNWIND met AS each
  WITH each[0] AS p, each[1] AS way, each[3] AS begins
  ORDER BY begins, p.id
  WITH p, way, COUNT { (p)-[:VICTIM_IN]->() } + COUNT { (p)-[:PERPETRATOR_IN]->() } AS links
  WHERE links <= $hub_limit
     OR NOT EXISTS { MATCH (p)-[q:VICTIM_IN|PERPETRATOR_IN]->(e:Event)
                     WHERE ($every OR type(q) IN $kinds) AND in_view(e)
                     RETURN q SKIP $hub_limit LIMIT 1 }
  WITH p, way LIMIT coalesce($enough, 2147483647)
  RETURN collect(p.id) AS joining, collect(way) AS joining_ways }
CALL (joining_ways, shared) {
  UNWIND joining_ways + [shared] AS way
  UNWIND way AS e
  WITH DISTINCT e
  OPTIONAL MATCH (e)-[:IN_BATCH]->(batch:Batch)
  RETURN collect({id: e.id, entity: e.entity, since: e.since, until: e.until,
                  began: e.edtf_dab, ended: e.edtf_dae, recorded: e.edtf_dat, status: coalesce(e.codes_sta, []),
                  authority: coalesce(e.codes_dem, []), source: batch.source_type,
                  decisions: COLLECT { MATCH (e)-[d:DECIDED_BY]->(:ReportingEntity)
                                       RETURN {status: coalesce(d.codes_sta, []),
                                               authority: coalesce(d.codes_dem, [])} }}) AS evidence }
WITH *, CASE WHEN size(shared) >= $enough AND has_room THEN 2
             WHEN size(shared) + size(joining) >= $enough AND has_room
                  AND size(first) + size(last) + size(people) + twice <= $budget THEN 4
             ELSE 0 END AS hops
RETURN hops, source_entity, target_entity,
       [e IN first | e.id] AS first, first_kinds, [e IN last | e.id] AS last, last_kinds,
       CASE hops WHEN 0 THEN near ELSE [] END AS near, CASE hops WHEN 0 THEN degrees ELSE [] END AS degrees, hubs,
       CASE hops WHEN 0 THEN matching ELSE [] END AS matching,
       [p IN CASE hops WHEN 0 THEN people ELSE [each IN met | each[0]] END | p.id] AS people,
       [way IN CASE hops WHEN 0 THEN ways ELSE [each IN met | each[1]] END | [e IN way | e.id]] AS ways,
       CASE hops WHEN 0 THEN way_kinds ELSE [each IN met | each[2]] END AS way_kinds,
       size(people) AS people_read, size(matching) AS events_read, size(open) AS opened,
       size(near) - size(matching) AS left_out, [each IN met | each[0].id] AS met, joining, evidence;

// name: begin_long_person
// what: of a person with more events than fit: how many, and the first by id with their kinds of link
// param id: string
// param every: boolean
// param kinds: list of string - relationship types
// param budget: integer - events
// returns: one
// mode: read
MATCH (s:Person {id: $id})
CALL (s) {
  MATCH (s)-[r:VICTIM_IN|PERPETRATOR_IN]->(e:Event)
  WHERE ($every OR type(r) IN $kinds) AND in_view(e)
  RETURN count(DISTINCT e) AS found }
CALL (s) {
  MATCH (s)-[r:VICTIM_IN|PERPETRATOR_IN]->(e:Event)
  WHERE ($every OR type(r) IN $kinds) AND in_view(e)
  WITH e, collect(type(r)) AS types ORDER BY e.id LIMIT $budget
  UNWIND types AS type
  RETURN collect(e.id) AS ends, collect(type) AS kinds }
RETURN found, ends, kinds;

// name: begin_long_event
// what: of an event with more people than fit: how many, and the first by id with their kinds of link
// param id: string
// param scope: map - registry.access.scope
// param every: boolean
// param kinds: list of string - relationship types
// param since: integer or null - the window, microseconds
// param until: integer or null
// param budget: integer - people
// returns: one
// mode: read
MATCH (s:Event {id: $id})
WHERE in_scope(s) AND ($since IS NULL OR (s.until >= $since AND s.since <= $until))
CALL (s) {
  MATCH (s)<-[r:VICTIM_IN|PERPETRATOR_IN]-(p:Person)
  WHERE ($every OR type(r) IN $kinds)
  RETURN count(DISTINCT p) AS found }
CALL (s) {
  MATCH (s)<-[r:VICTIM_IN|PERPETRATOR_IN]-(p:Person)
  WHERE ($every OR type(r) IN $kinds)
  WITH p, collect(type(r)) AS types ORDER BY p.id LIMIT $budget
  UNWIND types AS type
  RETURN collect(p.id) AS ends, collect(type) AS kinds }
RETURN found, ends, kinds;

// name: begin_entity
// what: the first events of a reporting entity by id, of those looked at, and how many these are
// param id: string
// param only_events: list of string or null
// param budget: integer - events that are told
// param most: integer - events that are looked at
// returns: one
// mode: read
MATCH (s:ReportingEntity {id: $id})
CALL (s) {
  MATCH (s)<-[:REPORTED_BY]-(e:Event)
  WHERE in_view(e)
    AND ($only_events IS NULL OR e.id IN $only_events)
  WITH DISTINCT e LIMIT $most
  WITH e ORDER BY e.id
  RETURN collect(e) AS found }
RETURN size(found) AS found, [e IN found[..$budget] | e.id] AS ends, [e IN found[..$budget] | e.entity] AS owners;

// name: begin_area
// what: the first events that an area, or one inside it, is anything to, by id, of those looked at, and how many these are
// param id: string
// param only_events: list of string or null
// param budget: integer - events that are told
// param most: integer - events that are looked at
// returns: one
// mode: read
MATCH (a:Area {id: $id})<-[:BROADER*0..8]-(n:Area)
WITH collect(DISTINCT n.id) AS places
CALL (places) {
  UNWIND places AS place
  MATCH (s:Area {id: place})<-[:RECORDED_IN|EXPLOITED_IN|TRANSITED]-(e:Event)
  WHERE in_view(e)
    AND ($only_events IS NULL OR e.id IN $only_events)
  WITH DISTINCT e LIMIT $most
  WITH e ORDER BY e.id
  RETURN collect(e) AS found }
RETURN size(found) AS found, [e IN found[..$budget] | e.id] AS ends, [e IN found[..$budget] | e.entity] AS owners;

// name: begin_concept
// what: the first events of a form or a narrower one by id, of those looked at, and how many; in whichever releases of the units
// param id: string - the unit's code
// param only_events: list of string or null
// param budget: integer - events that are told
// param most: integer - events that are looked at
// returns: one
// mode: read
MATCH (c:Concept)<-[:BROADER*0..4]-(n:Concept)
WHERE c.scheme = 'units' AND c.code = $id
WITH collect(DISTINCT n.id) AS forms
CALL (forms) {
  UNWIND forms AS form
  MATCH (s:Concept {id: form})<-[:HAS_FORM]-(e:Event)
  WHERE in_view(e)
    AND ($only_events IS NULL OR e.id IN $only_events)
  WITH DISTINCT e LIMIT $most
  WITH e ORDER BY e.id
  RETURN collect(e) AS found }
RETURN size(found) AS found, [e IN found[..$budget] | e.id] AS ends, [e IN found[..$budget] | e.entity] AS owners;

// name: neighbours_of_people
// what: for each person the events, of those chosen, and kinds of link; nothing but the degree beyond the hub guard
// param ids: list of string
// param every: boolean
// param kinds: list of string - relationship types
// param only_events: list of string or null - null chooses every event
// param hub_limit: integer - links of a person who is still expanded
// param most: integer - links of a person that are read
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (p:Person {id: id})
CALL (p) {
  MATCH (p)-[q:VICTIM_IN|PERPETRATOR_IN]->(e:Event)
  WHERE ($every OR type(q) IN $kinds) AND in_view(e)
    AND ($only_events IS NULL OR e.id IN $only_events)
  WITH e, q LIMIT $most
  RETURN collect(e.id) AS events, collect(type(q)) AS types }
WITH id, events, types
WHERE size(events) > 0
RETURN collect(id) AS near, collect(size(events)) AS degrees,
       collect(CASE WHEN size(events) <= $hub_limit THEN events ELSE [] END) AS far,
       collect(CASE WHEN size(events) <= $hub_limit THEN types ELSE [] END) AS far_kinds;

// name: neighbours_of_events
// what: for each event the people, of those chosen, and kinds of link; nothing but the degree beyond the hub guard
// param ids: list of string
// param every: boolean
// param kinds: list of string - relationship types
// param only_people: list of string or null - null chooses everybody
// param hub_limit: integer - links of an event that is still expanded
// param most: integer - links of an event that are read
// returns: one
// mode: read
// An event at the start may lie outside the window, where it has no links.
UNWIND $ids AS id
MATCH (e:Event {id: id})
WHERE in_view(e)
CALL (e) {
  MATCH (e)<-[q:VICTIM_IN|PERPETRATOR_IN]-(p:Person)
  WHERE ($every OR type(q) IN $kinds)
    AND ($only_people IS NULL OR p.id IN $only_people)
  WITH p, q LIMIT $most
  RETURN collect(p.id) AS people, collect(type(q)) AS types }
WITH id, people, types
WHERE size(people) > 0
RETURN collect(id) AS near, collect(size(people)) AS degrees,
       collect(CASE WHEN size(people) <= $hub_limit THEN people ELSE [] END) AS far,
       collect(CASE WHEN size(people) <= $hub_limit THEN types ELSE [] END) AS far_kinds;

// name: related_people
// what: for each person the people they are related to in events in view, from either end; outward says which
// param ids: list of string
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (p:Person {id: id})-[l:RELATED_TO]-(q:Person)
MATCH (e:Event {id: l.event})
WHERE in_view(e)
WITH DISTINCT id, q.id AS other, startNode(l).id = id AS outward
RETURN collect(id) AS near, collect(other) AS far, collect(outward) AS outward;

// name: known_people
// what: those of the people whom an event in scope tells of, with the entities they belong to
// param ids: list of string
// param scope: map - registry.access.scope
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (p:Person {id: id})
WHERE $scope.all OR EXISTS { MATCH (p)-[:VICTIM_IN|PERPETRATOR_IN]->(e:Event) WHERE in_scope(e) }
RETURN collect(p.id) AS ids, collect(p.entity) AS entities;

// name: known_events
// what: those of the events that lie in view, with the entities they belong to; without a window in scope
// param ids: list of string
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (e:Event {id: id})
WHERE in_view(e)
RETURN collect(e.id) AS ids, collect(e.entity) AS entities;

// name: same_people
// what: for each person whom an event in scope tells of the people judged to be the same, one judgement away, of whom
//   one does too; a judgement with somebody out of scope is no more told to who knows that one's id
// param ids: list of string
// param scope: map - registry.access.scope
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (p:Person {id: id})-[:SAME_AS]-(q:Person)
WHERE ($scope.all OR EXISTS { MATCH (p)-[:VICTIM_IN|PERPETRATOR_IN]->(e:Event) WHERE in_scope(e) })
  AND ($scope.all OR EXISTS { MATCH (q)-[:VICTIM_IN|PERPETRATOR_IN]->(e:Event) WHERE in_scope(e) })
RETURN collect(id) AS near, collect(q.id) AS far, collect(q.entity) AS entities;

// name: same_events
// what: for each event in scope the events in scope and window judged to be the same, one judgement away
// param ids: list of string
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (s:Event {id: id})-[:SAME_AS]-(e:Event)
WHERE in_scope(s) AND in_view(e)
RETURN collect(id) AS near, collect(e.id) AS far, collect(e.entity) AS entities;

// name: ends_at_entities
// what: the reporting entity of each event, with its name
// param ids: list of string - events
// param scope: map - registry.access.scope
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (e:Event {id: id})-[l:REPORTED_BY]->(n:ReportingEntity)
WHERE in_scope(e)
RETURN collect(id) AS near, collect(n.id) AS far, collect(type(l)) AS kinds, collect(coalesce(n.name, '')) AS names;

// name: ends_in_areas
// what: the areas that each event was recorded in, exploited in, or led through
// param ids: list of string - events
// param scope: map - registry.access.scope
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (e:Event {id: id})-[l:RECORDED_IN|EXPLOITED_IN|TRANSITED]->(n:Area)
WHERE in_scope(e)
RETURN collect(id) AS near, collect(n.id) AS far, collect(type(l)) AS kinds, collect('') AS names;

// name: ends_in_forms
// what: the forms of each event, by the unit's code
// param ids: list of string - events
// param scope: map - registry.access.scope
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (e:Event {id: id})-[l:HAS_FORM]->(n:Concept)
WHERE in_scope(e)
RETURN collect(id) AS near, collect(n.code) AS far, collect(type(l)) AS kinds, collect('') AS names;

// name: matching_events
// what: those of the events that have one of the forms, and are anything to one of the areas; narrower ones count
// param ids: list of string
// param scope: map - registry.access.scope
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (e:Event {id: id})
WHERE in_scope(e)
  AND is_about(e)
RETURN collect(id) AS ids;

// name: spans_of_events
// what: from when to when each event may have been: open where its beginning is not told, or neither its end nor its recording
// param ids: list of string
// param scope: map - registry.access.scope
// param earliest: integer - microseconds
// param latest: integer - microseconds
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (e:Event {id: id})
WHERE in_scope(e)
WITH id, e, e.edtf_dab IS NULL AND e.edtf_dae IS NOT NULL AS open_begin,
     e.edtf_dab IS NOT NULL AND e.edtf_dae IS NULL AND e.edtf_dat IS NULL AS open_end
RETURN collect(id) AS ids, collect(CASE WHEN open_begin THEN $earliest ELSE coalesce(e.since, $earliest) END) AS since,
       collect(CASE WHEN open_end THEN $latest ELSE coalesce(e.until, $latest) END) AS until;

// name: evidence
// what: an event a row: who reported it, its dates, what is said of its status and by whom, and its source's type
// param ids: list of string
// param scope: map - registry.access.scope
// returns: many
// mode: read
UNWIND $ids AS id
MATCH (e:Event {id: id})
WHERE in_scope(e)
OPTIONAL MATCH (e)-[:IN_BATCH]->(b:Batch)
RETURN e.id AS id, e.entity AS entity, e.since AS since, e.until AS until,
       e.edtf_dab AS began, e.edtf_dae AS ended, e.edtf_dat AS recorded, coalesce(e.codes_sta, []) AS status,
       coalesce(e.codes_dem, []) AS authority, b.source_type AS source,
       COLLECT { MATCH (e)-[d:DECIDED_BY]->(:ReportingEntity)
                 RETURN {status: coalesce(d.codes_sta, []), authority: coalesce(d.codes_dem, [])} } AS decisions
ORDER BY id;

// name: events_telling_relations
// what: a relation a row, by its ends, with the events in view that tell of it
// param ends: list of {source, target}
// returns: many
// mode: read
UNWIND $ends AS pair
MATCH (p:Person {id: pair.source})-[l:RELATED_TO]->(q:Person {id: pair.target})
WITH DISTINCT pair.source AS source, pair.target AS target, l.event AS event
MATCH (e:Event {id: event})
WHERE in_view(e)
RETURN source, target, collect(e.id) AS events;
