// What events tell of the routes of their victims: one row of collected columns, an entry a victim; an event that names
// no victim has one entry with an empty person.
// A victim's own country of exploitation goes before the event's, also one that is missing; where the event's was made of
// what its victims tell it is told of an event alone that names nobody. Neither engine collects a null.

// fragments of: network_slices

// fragment: with_all_victims
// The event with the forms of its groups of victims, and how many are named, whoever counts.
e, COLLECT { MATCH (g:Group)-[:GROUP_IN]->(e) WHERE g.role = 'victim' RETURN coalesce(g.forms, []) } AS groups,
COUNT { (e)<-[:VICTIM_IN]-(:Person) } AS victims

// fragment: told_of_victims(e, r, p)
collect(e.id) AS events, collect(e.place) AS places, collect(coalesce(p.id, '')) AS people,
collect(coalesce(r.codes_civ, [])) AS civ, collect(coalesce(r.missing_civ, '')) AS no_civ,
collect(coalesce(r.codes_lcv, [])) AS lcv, collect(coalesce(r.missing_lcv, '')) AS no_lcv,
collect(coalesce(e.transits, [])) AS transits,
collect(CASE WHEN r.codes_coe IS NOT NULL THEN r.codes_coe
             WHEN r.missing_coe IS NOT NULL OR (victims > 0 AND e.derived_coe IS NOT NULL) THEN []
             ELSE coalesce(e.codes_coe, []) END) AS coe,
collect(CASE WHEN r.codes_coe IS NOT NULL THEN ''
             WHEN r.missing_coe IS NOT NULL THEN r.missing_coe
             WHEN victims > 0 AND e.derived_coe IS NOT NULL THEN ''
             ELSE coalesce(e.missing_coe, '') END) AS no_coe,
collect(coalesce(e.earliest_dat, $undated)) AS firsts, collect(coalesce(e.latest_dat, $undated)) AS lasts,
collect(coalesce(e.missing_dat, '')) AS no_dat,
collect(coalesce(r.forms, [])) AS own_forms, collect(coalesce(e.forms, [])) AS event_forms,
collect(groups) AS group_forms, collect(victims) AS victims,
collect(coalesce(r.codes_svx, [])) AS svx, collect(coalesce(r.missing_svx, '')) AS no_svx,
collect(coalesce(r.codes_stv, [])) AS stv, collect(coalesce(r.missing_stv, '')) AS no_stv

// name: journeys
// what: of the first events behind a place in a stretch of the list, an entry a victim
// param after: string
// param before: string
// param limit: integer - events
// param undated: integer - stands for no date
// returns: one
// mode: read
MATCH (e:Event)
WHERE e.place > $after AND e.place < $before
  AND lies_within(e)
WITH e ORDER BY e.place LIMIT $limit
WITH with_all_victims(e)
OPTIONAL MATCH (e)<-[r:VICTIM_IN]-(p:Person)
WHERE counts(r, p)
RETURN told_of_victims(e, r, p);

// name: journeys_of
// what: of these events, as far as they exist, an entry a victim, but for some people
// param ids: list of string
// param without: list of string - people who are nobody here
// param undated: integer - stands for no date
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (e:Event {id: id})
WHERE lies_within(e)
WITH with_all_victims(e)
OPTIONAL MATCH (e)<-[r:VICTIM_IN]-(p:Person)
WHERE counts(r, p) AND NOT p.id IN $without
RETURN told_of_victims(e, r, p);
