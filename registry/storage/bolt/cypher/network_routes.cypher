// What events tell of the routes of their victims: one row of collected columns, an entry a victim; an event that names
// no victim has one entry with an empty person.
// A victim's own country of exploitation and forms go before the event's. Neither engine collects a null.

// fragments of: network_slices

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
OPTIONAL MATCH (e)<-[r:VICTIM_IN]-(p:Person)
WHERE counts(r, p)
RETURN collect(e.id) AS events, collect(e.place) AS places, collect(coalesce(p.id, '')) AS people,
       collect(coalesce(r.codes_civ, [])) AS civ, collect(coalesce(r.missing_civ, '')) AS no_civ,
       collect(coalesce(r.codes_lcv, [])) AS lcv, collect(coalesce(r.missing_lcv, '')) AS no_lcv,
       collect(coalesce(e.transits, [])) AS transits,
       collect(coalesce(r.codes_coe, e.codes_coe, [])) AS coe,
       collect(coalesce(r.missing_coe, e.missing_coe, '')) AS no_coe,
       collect(coalesce(e.earliest_dat, $undated)) AS firsts, collect(coalesce(e.latest_dat, $undated)) AS lasts,
       collect(coalesce(e.missing_dat, '')) AS no_dat,
       collect(CASE WHEN size(coalesce(r.forms, [])) > 0 THEN r.forms ELSE coalesce(e.forms, []) END) AS told_forms,
       collect(coalesce(r.codes_svx, [])) AS svx, collect(coalesce(r.missing_svx, '')) AS no_svx,
       collect(coalesce(r.codes_stv, [])) AS stv, collect(coalesce(r.missing_stv, '')) AS no_stv;

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
OPTIONAL MATCH (e)<-[r:VICTIM_IN]-(p:Person)
WHERE counts(r, p) AND NOT p.id IN $without
RETURN collect(e.id) AS events, collect(e.place) AS places, collect(coalesce(p.id, '')) AS people,
       collect(coalesce(r.codes_civ, [])) AS civ, collect(coalesce(r.missing_civ, '')) AS no_civ,
       collect(coalesce(r.codes_lcv, [])) AS lcv, collect(coalesce(r.missing_lcv, '')) AS no_lcv,
       collect(coalesce(e.transits, [])) AS transits,
       collect(coalesce(r.codes_coe, e.codes_coe, [])) AS coe,
       collect(coalesce(r.missing_coe, e.missing_coe, '')) AS no_coe,
       collect(coalesce(e.earliest_dat, $undated)) AS firsts, collect(coalesce(e.latest_dat, $undated)) AS lasts,
       collect(coalesce(e.missing_dat, '')) AS no_dat,
       collect(CASE WHEN size(coalesce(r.forms, [])) > 0 THEN r.forms ELSE coalesce(e.forms, []) END) AS told_forms,
       collect(coalesce(r.codes_svx, [])) AS svx, collect(coalesce(r.missing_svx, '')) AS no_svx,
       collect(coalesce(r.codes_stv, [])) AS stv, collect(coalesce(r.missing_stv, '')) AS no_stv;
