// Free texts given with residual codes. Their words leave the store only above the threshold (registry.statistics).

// name: residual_texts
// what: a row a text and form: the form's code, the event, when it was recorded, its text, and who took part. It starts
//       from the forms' own nodes, so that events with other forms are never met
// param codes: list of string - units of classification
// param scope: map - registry.access.scope
// returns: many
// mode: read
MATCH (c:Concept) WHERE c.scheme = 'units' AND c.code IN $codes
MATCH (e:Event)-[:HAS_FORM]->(c)
WHERE e.form_text IS NOT NULL AND in_scope(e)
RETURN c.code AS code, e.id AS event, e.entity AS entity, e.earliest_dat AS earliest, e.latest_dat AS latest,
       e.form_text AS text,
       COLLECT { MATCH (p:Person)-[:VICTIM_IN|PERPETRATOR_IN]->(e) RETURN DISTINCT p.id } AS people;
