// Events to compare with one event: candidates by indexes, and what each tells.

// fragments of: network_slices

// name: candidates
// what: events of a stretch of the list that share a form or an area with one event, in order of place
// param after: string
// param before: string
// param limit: integer
// param accounts: list of string - the event's own, which are left out
// param like_forms: list of string - concept ids
// param like_areas: list of string
// param any: boolean - whether the likeness of neither is asked for
// returns: one
// mode: read
MATCH (e:Event)
WHERE e.place > $after AND e.place < $before
  AND lies_within(e) AND NOT e.id IN $accounts
  AND ($any
       OR EXISTS { MATCH (e)-[:HAS_FORM]->(d:Concept) WHERE d.id IN $like_forms }
       OR EXISTS { MATCH (e)-[:RECORDED_IN|EXPLOITED_IN]->(b:Area) WHERE b.id IN $like_areas })
WITH e ORDER BY e.place LIMIT $limit
RETURN collect(e.id) AS ids, collect(e.place) AS places;

// name: candidates_backward
// what: the same from the end of the stretch
// param after: string
// param before: string
// param limit: integer
// param accounts: list of string - the event's own, which are left out
// param like_forms: list of string - concept ids
// param like_areas: list of string
// param any: boolean - whether the likeness of neither is asked for
// returns: one
// mode: read
MATCH (e:Event)
WHERE e.place > $after AND e.place < $before
  AND lies_within(e) AND NOT e.id IN $accounts
  AND ($any
       OR EXISTS { MATCH (e)-[:HAS_FORM]->(d:Concept) WHERE d.id IN $like_forms }
       OR EXISTS { MATCH (e)-[:RECORDED_IN|EXPLOITED_IN]->(b:Area) WHERE b.id IN $like_areas })
WITH e ORDER BY e.place DESC LIMIT $limit
RETURN collect(e.id) AS ids, collect(e.place) AS places;

// name: candidates_named
// what: those of these events that exist, in order of place
// param ids: list of string
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (e:Event {id: id})
WHERE lies_within(e)
WITH e ORDER BY e.place
RETURN collect(e.id) AS ids;

// name: profiles
// what: what these events tell of themselves and of those who took part
// param ids: list of string
// param undated: integer - stands for no date
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (e:Event {id: id})
WHERE lies_within(e)
OPTIONAL MATCH (e)<-[r:VICTIM_IN|PERPETRATOR_IN]-(p:Person)
WITH e, collect(coalesce(r.codes_svx, [])) AS svx, collect(coalesce(r.codes_stv, [])) AS stv,
     collect(coalesce(r.codes_rpp, [])) AS rpp,
     head(collect(r.missing_svx)) AS no_svx, head(collect(r.missing_stv)) AS no_stv,
     head(collect(r.missing_rpp)) AS no_rpp
WITH e, svx, stv, rpp, no_svx, no_stv, no_rpp,
     COLLECT { MATCH (e)-[:HAS_FORM]->(d:Concept) RETURN d.code } AS form
RETURN collect(e.id) AS ids, collect(e.place) AS places,
       collect(coalesce(e.since, $undated)) AS sinces, collect(coalesce(e.until, $undated)) AS untils,
       collect(form) AS form, collect(coalesce(e.codes_coe, e.codes_geo, [])) AS area,
       collect(coalesce(e.missing_coe, e.missing_geo, '')) AS no_area,
       collect(coalesce(e.codes_fls, [])) AS fls, collect(coalesce(e.missing_fls, '')) AS no_fls,
       collect(coalesce(e.codes_ssc, [])) AS ssc, collect(coalesce(e.missing_ssc, '')) AS no_ssc,
       collect(coalesce(e.codes_moc, [])) AS moc, collect(coalesce(e.missing_moc, '')) AS no_moc,
       collect(svx) AS svx, collect(coalesce(no_svx, '')) AS no_svx,
       collect(stv) AS stv, collect(coalesce(no_stv, '')) AS no_stv,
       collect(rpp) AS rpp, collect(coalesce(no_rpp, '')) AS no_rpp;
