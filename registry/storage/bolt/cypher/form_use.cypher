// How much the codes of the units are used by stored events.

// name: form_use
// what: a row a form and reporting entity: events of the entity that have the form. It starts from the forms' own
//       nodes and their links, so that events with other forms are never met
// param concepts: list of string - ids of the forms' nodes
// param scope: map - registry.access.scope
// returns: many
// mode: read
MATCH (c:Concept) WHERE c.id IN $concepts
MATCH (c)<-[:HAS_FORM]-(e:Event)
WHERE in_scope(e)
RETURN c.code AS code, e.entity AS entity, count(e) AS events;
