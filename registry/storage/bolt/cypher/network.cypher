// Links for growing networks: one row of collected columns each, which beats a row a link about sevenfold.
// Scope, kinds and window decide what is a link at all; only then are degrees compared with the hub guard.
// Each kind of participation is matched for itself: what a link is called is then known, and it is never read. To bind
// one and ask its type costs the embedded engine four times what following it does, and a text a link on the line. The
// ends of links that are followed have no label: these lead from people to events, and to read a label is to read the
// node. Columns are called as the link that leads to what they hold, from whichever end.
// fragments of: network_slices

// fragment: events_of(s)
// param as_victim: boolean - whether being a victim is a link
// param as_perpetrator: boolean - whether being a perpetrator is one
CALL (s) {
  MATCH (s)-[:VICTIM_IN]->(e)
  WHERE $as_victim AND in_view(e)
  RETURN collect(e) AS victim_in }
CALL (s) {
  MATCH (s)-[:PERPETRATOR_IN]->(e)
  WHERE $as_perpetrator AND in_view(e)
  RETURN collect(e) AS perpetrator_in }

// fragment: people_of(e)
// param as_victim: boolean
// param as_perpetrator: boolean
OPTIONAL MATCH (e)<-[:VICTIM_IN]-(p)
  WHERE $as_victim
  WITH e, collect(p) AS victims
  OPTIONAL MATCH (e)<-[:PERPETRATOR_IN]-(p)
  WHERE $as_perpetrator
  WITH e, victims, collect(p) AS perpetrators

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
// what: the person's events by kind of link, and the people of each event unless the events alone fill the budget
// param id: string
// param budget: integer - nodes
// param hub_limit: integer - links of an event that is still expanded
// param most: integer - links that are told; of more only their number is
// param second: boolean - whether the second hop is asked for
// returns: one
// mode: read
MATCH (s:Person {id: $id})
WHERE $scope.all OR EXISTS { MATCH (s)-[:VICTIM_IN|PERPETRATOR_IN]->(e:Event) WHERE in_scope(e) }
events_of(s)
WITH s, victim_in, perpetrator_in, size(victim_in) + size(perpetrator_in) AS degree
CALL (victim_in, perpetrator_in, degree) {
  UNWIND CASE WHEN $second AND degree < $budget THEN victim_in + perpetrator_in ELSE [] END AS e
  WITH DISTINCT e
  people_of(e)
  WITH e, victims, perpetrators, size(victims) + size(perpetrators) AS links
  RETURN collect(e.id) AS near, collect(links) AS degrees,
         collect(CASE WHEN links <= $hub_limit THEN [p IN victims | p.id] ELSE [] END) AS far_victim_in,
         collect(CASE WHEN links <= $hub_limit THEN [p IN perpetrators | p.id] ELSE [] END) AS far_perpetrator_in }
RETURN s.entity AS entity, degree,
       [e IN CASE WHEN degree <= $most THEN victim_in ELSE [] END | e.id] AS victim_in,
       [e IN CASE WHEN degree <= $most THEN perpetrator_in ELSE [] END | e.id] AS perpetrator_in,
       near, degrees, far_victim_in, far_perpetrator_in;

// name: begin_event
// what: the event's people by kind of link, and the events of each person unless the people alone fill the budget
// param id: string
// param as_victim: boolean
// param as_perpetrator: boolean
// param budget: integer - nodes
// param hub_limit: integer - links of a person who is still expanded
// param counted: integer - links of a person of either kind that are read
// param most: integer - links that are told; of more only their number is
// param second: boolean - whether the second hop is asked for
// returns: one
// mode: read
MATCH (s:Event {id: $id})
WHERE in_scope(s)
WITH s, $since IS NULL OR (s.until >= $since AND s.since <= $until) AS in_window
CALL (s, in_window) {
  MATCH (s)<-[:VICTIM_IN]-(p)
  WHERE $as_victim AND in_window
  RETURN collect(p) AS victims }
CALL (s, in_window) {
  MATCH (s)<-[:PERPETRATOR_IN]-(p)
  WHERE $as_perpetrator AND in_window
  RETURN collect(p) AS perpetrators }
WITH s, victims, perpetrators, size(victims) + size(perpetrators) AS degree
CALL (victims, perpetrators, degree) {
  UNWIND CASE WHEN $second AND degree < $budget THEN victims + perpetrators ELSE [] END AS p
  WITH DISTINCT p
  CALL (p) {
    MATCH (p)-[:VICTIM_IN]->(e)
    WHERE $as_victim AND in_view(e)
    WITH e LIMIT $counted
    RETURN collect(e.id) AS victim_in }
  CALL (p) {
    MATCH (p)-[:PERPETRATOR_IN]->(e)
    WHERE $as_perpetrator AND in_view(e)
    WITH e LIMIT $counted
    RETURN collect(e.id) AS perpetrator_in }
  WITH p, victim_in, perpetrator_in, size(victim_in) + size(perpetrator_in) AS links
  RETURN collect(p.id) AS near, collect(CASE WHEN links < $counted THEN links ELSE $counted END) AS degrees,
         collect(CASE WHEN links <= $hub_limit THEN victim_in ELSE [] END) AS far_victim_in,
         collect(CASE WHEN links <= $hub_limit THEN perpetrator_in ELSE [] END) AS far_perpetrator_in }
RETURN s.entity AS entity, degree,
       [p IN CASE WHEN degree <= $most THEN victims ELSE [] END | p.id] AS victim_in,
       [p IN CASE WHEN degree <= $most THEN perpetrators ELSE [] END | p.id] AS perpetrator_in,
       near, degrees, far_victim_in, far_perpetrator_in;

// name: between_people
// what: of two people their events, the people of those, what may be asked of nodes that both lead to, and evidence
// param source: string
// param target: string
// param hub_limit: integer - links of an event that is still expanded
// param ahead: integer - events of both, of which the people are read; of more none
// param enough: integer or null - events of both, else people that both lead to, beside whom no others are told
// param budget: integer - nodes
// returns: one
// mode: read
MATCH (s:Person {id: $source})
WHERE $scope.all OR EXISTS { MATCH (s)-[:VICTIM_IN|PERPETRATOR_IN]->(e:Event) WHERE in_scope(e) }
MATCH (t:Person {id: $target})
WHERE $scope.all OR EXISTS { MATCH (t)-[:VICTIM_IN|PERPETRATOR_IN]->(e:Event) WHERE in_scope(e) }
events_of(s)
WITH t AS s, s.entity AS source_entity, victim_in AS first_victim_in, perpetrator_in AS first_perpetrator_in
events_of(s)
WITH source_entity, first_victim_in, first_perpetrator_in, first_victim_in + first_perpetrator_in AS first,
     s.entity AS target_entity, victim_in AS last_victim_in, perpetrator_in AS last_perpetrator_in,
     victim_in + perpetrator_in AS last
CALL (first, last) {
  UNWIND CASE WHEN size(first) + size(last) <= $ahead THEN first + last ELSE [] END AS e
  WITH DISTINCT e
  people_of(e)
  WITH e, victims, perpetrators, size(victims) + size(perpetrators) AS degree, is_about(e) AS wanted
  RETURN collect(e.id) AS near, collect(degree) AS degrees, collect(CASE WHEN wanted THEN e.id END) AS matching,
         collect(CASE WHEN wanted AND degree <= $hub_limit THEN [e, victims, perpetrators] END) AS read,
         collect(CASE WHEN wanted AND degree > $hub_limit THEN e.id END) AS hubs }
WITH *, size(first) < $budget - $budget / 2 AND size(last) < $budget - $budget / 2 AS has_room,
     [each IN read | [each[0], CASE WHEN each[0] IN first THEN each[0].id END,
                      CASE WHEN each[0] IN last THEN each[0].id END, each[1], each[2]]] AS open
WITH *, [each IN open WHERE each[1] = each[2] | each[0]] AS shared
CALL (open, shared, has_room) {
  UNWIND CASE WHEN size(shared) >= $enough AND has_room THEN [] ELSE open END AS each
  UNWIND each[3] + each[4] AS p
  WITH p, collect(each) AS ways
  RETURN count(p) AS people_read,
         collect(CASE WHEN size(ways) > 1 OR ways[0][1] = ways[0][2] THEN [p, ways] END) AS several }
CALL (several) {
  UNWIND several AS one
  WITH one[0] AS p, one[1] AS ways
  UNWIND ways AS each
  WITH p, each[0] AS e, each[1] AS begin, each[2] AS end, p IN each[3] AS suffers, p IN each[4] AS commits
  WITH p, collect(DISTINCT CASE WHEN suffers THEN e.id END) AS victim_in,
       collect(DISTINCT CASE WHEN commits THEN e.id END) AS perpetrator_in, collect(DISTINCT e) AS way,
       min(begin) AS begins, min(end) AS ends, max(end) AS other, min(CASE WHEN end IS NULL THEN begin END) AS apart
  WITH *, begins IS NOT NULL AND ends IS NOT NULL AS twice, CASE WHEN ends = other THEN apart ELSE begins END AS led_by
  RETURN count(CASE WHEN twice THEN 1 END) AS twice,
         collect(CASE WHEN twice AND led_by IS NOT NULL AND NOT p.id IN [$source, $target]
                      THEN [p, way, led_by, victim_in, perpetrator_in] END) AS met }
CALL (met) {
  UNWIND met AS each
  WITH each[0] AS p, each[1] AS way, each[2] AS led_by
  ORDER BY led_by, p.id
  WITH p, way, COUNT { (p)-[:VICTIM_IN]->() } + COUNT { (p)-[:PERPETRATOR_IN]->() } AS links
  WHERE links <= $hub_limit
     OR NOT EXISTS { MATCH (p)-[r:VICTIM_IN|PERPETRATOR_IN]->(e)
                     WHERE is_asked(r) AND in_view(e)
                     RETURN r SKIP $hub_limit LIMIT 1 }
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
                  AND size(first) + size(last) + people_read + twice <= $budget THEN 4
             ELSE 0 END AS hops
WITH *, CASE hops WHEN 0 THEN open ELSE [] END AS told
RETURN hops, source_entity, target_entity,
       [e IN first_victim_in | e.id] AS first_victim_in, [e IN first_perpetrator_in | e.id] AS first_perpetrator_in,
       [e IN last_victim_in | e.id] AS last_victim_in, [e IN last_perpetrator_in | e.id] AS last_perpetrator_in,
       CASE hops WHEN 0 THEN near ELSE [] END AS near, CASE hops WHEN 0 THEN degrees ELSE [] END AS degrees, hubs,
       CASE hops WHEN 0 THEN matching ELSE [] END AS matching, [each IN told | each[0].id] AS opened,
       [each IN told | [p IN each[3] | p.id]] AS victims, [each IN told | [p IN each[4] | p.id]] AS perpetrators,
       people_read, size(matching) AS events_read, size(open) AS events_opened, size(near) - size(matching) AS left_out,
       [each IN met | each[0].id] AS met, [each IN met | each[3]] AS met_victim_in,
       [each IN met | each[4]] AS met_perpetrator_in, joining, evidence;

// name: begin_long_person
// what: of a person with more events than fit: how many, and the first by id, by kind of link
// param id: string
// param budget: integer - events
// returns: one
// mode: read
MATCH (s:Person {id: $id})
CALL (s) {
  MATCH (s)-[r:VICTIM_IN|PERPETRATOR_IN]->(e)
  WHERE is_asked(r) AND in_view(e)
  RETURN count(DISTINCT e) AS found }
CALL (s) {
  MATCH (s)-[r:VICTIM_IN|PERPETRATOR_IN]->(e)
  WHERE is_asked(r) AND in_view(e)
  WITH e, collect(type(r)) AS kinds ORDER BY e.id LIMIT $budget
  RETURN collect(CASE WHEN 'VICTIM_IN' IN kinds THEN e.id END) AS victim_in,
         collect(CASE WHEN 'PERPETRATOR_IN' IN kinds THEN e.id END) AS perpetrator_in }
RETURN found, victim_in, perpetrator_in;

// name: begin_long_event
// what: of an event with more people than fit: how many, and the first by id, by kind of link
// param id: string
// param budget: integer - people
// returns: one
// mode: read
MATCH (e:Event {id: $id})
WHERE in_view(e)
CALL (e) {
  MATCH (e)<-[r:VICTIM_IN|PERPETRATOR_IN]-(p)
  WHERE is_asked(r)
  RETURN count(DISTINCT p) AS found }
CALL (e) {
  MATCH (e)<-[r:VICTIM_IN|PERPETRATOR_IN]-(p)
  WHERE is_asked(r)
  WITH p, collect(type(r)) AS kinds ORDER BY p.id LIMIT $budget
  RETURN collect(CASE WHEN 'VICTIM_IN' IN kinds THEN p.id END) AS victim_in,
         collect(CASE WHEN 'PERPETRATOR_IN' IN kinds THEN p.id END) AS perpetrator_in }
RETURN found, victim_in, perpetrator_in;

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
// what: for each person the events, of those chosen, by kind of link; nothing but the degree beyond the hub guard
// param ids: list of string
// param as_victim: boolean
// param as_perpetrator: boolean
// param only_events: list of string or null - null chooses every event
// param hub_limit: integer - links of a person who is still expanded
// param most: integer - links of a person of either kind that are read
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (p:Person {id: id})
CALL (p) {
  MATCH (p)-[:VICTIM_IN]->(e)
  WHERE $as_victim AND in_view(e)
    AND ($only_events IS NULL OR e.id IN $only_events)
  WITH e LIMIT $most
  RETURN collect(e.id) AS victim_in }
CALL (p) {
  MATCH (p)-[:PERPETRATOR_IN]->(e)
  WHERE $as_perpetrator AND in_view(e)
    AND ($only_events IS NULL OR e.id IN $only_events)
  WITH e LIMIT $most
  RETURN collect(e.id) AS perpetrator_in }
WITH id, victim_in, perpetrator_in, size(victim_in) + size(perpetrator_in) AS links
WHERE links > 0
RETURN collect(id) AS near, collect(CASE WHEN links < $most THEN links ELSE $most END) AS degrees,
       collect(CASE WHEN links <= $hub_limit THEN victim_in ELSE [] END) AS victim_in,
       collect(CASE WHEN links <= $hub_limit THEN perpetrator_in ELSE [] END) AS perpetrator_in;

// name: neighbours_of_events
// what: for each event the people, of those chosen, by kind of link; nothing but the degree beyond the hub guard
// param ids: list of string
// param as_victim: boolean
// param as_perpetrator: boolean
// param only_people: list of string or null - null chooses everybody
// param hub_limit: integer - links of an event that is still expanded
// param most: integer - links of an event of either kind that are read
// returns: one
// mode: read
// An event at the start may lie outside the window, where it has no links.
UNWIND $ids AS id
MATCH (e:Event {id: id})
WHERE in_view(e)
CALL (e) {
  MATCH (e)<-[:VICTIM_IN]-(p)
  WHERE $as_victim
    AND ($only_people IS NULL OR p.id IN $only_people)
  WITH p LIMIT $most
  RETURN collect(p.id) AS victims }
CALL (e) {
  MATCH (e)<-[:PERPETRATOR_IN]-(p)
  WHERE $as_perpetrator
    AND ($only_people IS NULL OR p.id IN $only_people)
  WITH p LIMIT $most
  RETURN collect(p.id) AS perpetrators }
WITH id, victims, perpetrators, size(victims) + size(perpetrators) AS links
WHERE links > 0
RETURN collect(id) AS near, collect(CASE WHEN links < $most THEN links ELSE $most END) AS degrees,
       collect(CASE WHEN links <= $hub_limit THEN victims ELSE [] END) AS victim_in,
       collect(CASE WHEN links <= $hub_limit THEN perpetrators ELSE [] END) AS perpetrator_in;

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
