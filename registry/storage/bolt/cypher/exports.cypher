// What exported networks show of events beside their ids.

// name: event_facts
// what: events in scope in columns: ids, forms (scheme/version/code, sorted by the reader), when recorded
// param ids: list of string
// param scope: map - registry.access.scope
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (e:Event {id: id})
WHERE in_scope(e)
WITH e, COLLECT { MATCH (e)-[:HAS_FORM]->(c:Concept) RETURN c.id } AS forms
RETURN collect(e.id) AS ids, collect(forms) AS forms, collect(coalesce(e.edtf_dat, '')) AS dates,
       collect(coalesce(e.earliest_dat, 0)) AS earliest, collect(coalesce(e.latest_dat, 0)) AS latest;
