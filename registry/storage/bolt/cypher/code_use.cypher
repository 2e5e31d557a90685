// The table of how often codes are used: lines appended by each change of a record, each of one reporting entity and one
// place (holder, country, marks); a property a list of codes holds its counts as text.
// Scope: line_in_scope(u) for whole lines, in_scope(e) where records are counted one by one.

// name: table
// what: which table counts now, whether it holds every record, and its last adding up
// returns: one
// mode: read
MATCH (i:Installation {key: 'installation'})
RETURN coalesce(i.use_generation, 0) AS generation, coalesce(i.use_complete, false) AS complete,
       coalesce(i.use_added_up, 0) AS added_up;

// name: places
// what: what decides who sees some events, and by which table each is counted: collected columns
// param ids: list of string
// returns: one
// mode: read
MATCH (e:Event) WHERE e.id IN $ids
RETURN collect(e.id) AS ids, collect(e.holder) AS holders, collect(coalesce(e.country, '')) AS countries,
       collect(e.marks) AS marks, collect(coalesce(e.counted, -1)) AS counted;

// name: places_in_scope
// what: what decides who sees some events, of those inside the scope: collected columns
// param ids: list of string
// param scope: map - registry.access.scope
// returns: one
// mode: read
MATCH (e:Event) WHERE e.id IN $ids AND in_scope(e)
RETURN collect(e.id) AS ids, collect(e.holder) AS holders, collect(coalesce(e.country, '')) AS countries,
       collect(e.marks) AS marks, collect(coalesce(e.counted, -1)) AS counted;

// name: append_lines
// what: nothing; the lines are there, written once and never met by another writer
// param rows: list of {place, generation, since, entity, holder, country, marks, and a text a list}
// returns: none
// mode: write
UNWIND $rows AS row
CREATE (u:CodeUse) SET u = row;

// name: mark_counted
// what: nothing; the locked events are counted by that table
// param ids: list of string
// param generation: integer
// returns: none
// mode: write
UNWIND $ids AS id
MATCH (e:Event {id: id})
SET e.counted = $generation;

// name: lines_of_lists
// what: one row of columns, a line and list each: the reporting entity, the list, and its counts as text; of the lines
//       inside the scope that count, and the table's state when they had been read. What is read depends on places and
//       lists, not on records
// param lists: list of string - scheme/version
// param generation: integer
// param added_up: integer
// param scope: map - registry.access.scope
// returns: one
// mode: read
UNWIND $lists AS list
MATCH (u:CodeUse)
WHERE u.generation = $generation AND u.since <= $added_up AND coalesce(u.until, $added_up + 1) > $added_up
  AND u[list] IS NOT NULL AND line_in_scope(u)
WITH collect(u.entity) AS entities, collect(list) AS lists, collect(u[list]) AS texts
MATCH (i:Installation {key: 'installation'})
RETURN entities, lists, texts, coalesce(i.use_added_up, 0) AS added_up;

// name: coded_lists
// what: what codings name, variable=scheme/version each, whoever's records are in them
// returns: one
// mode: read
MATCH (c:Coding)
UNWIND c.lists AS named
RETURN collect(DISTINCT named) AS lists;

// name: every_line
// what: a row a line that counts, whoever's, whole
// param generation: integer
// param added_up: integer
// returns: many
// mode: read
MATCH (u:CodeUse)
WHERE u.generation = $generation AND u.since <= $added_up AND coalesce(u.until, $added_up + 1) > $added_up
RETURN properties(u) AS line;

// name: crowded_places
// what: a row a place with more than one line that has not ended, and how many
// param generation: integer
// returns: many
// mode: read
MATCH (u:CodeUse)
WHERE u.generation = $generation AND u.until IS NULL
WITH u.place AS place, count(u) AS lines
WHERE lines > 1
RETURN place, lines;

// name: begin_adding_up
// what: the number of the table's next state, new to every run
// returns: one
// mode: write
MATCH (i:Installation {key: 'installation'})
SET i.use_step = coalesce(i.use_step, 0) + 1
RETURN i.use_step AS step;

// name: end_lines
// what: nothing; the lines of these places count no more once that state holds
// param places: list of string
// param step: integer
// returns: none
// mode: write
UNWIND $places AS place
MATCH (u:CodeUse {place: place})
WHERE u.until IS NULL
SET u.until = $step;

// name: ended_lines
// what: a row a line that was ended so, whole; run after end_lines, in the same transaction
// param places: list of string
// param step: integer
// returns: many
// mode: read
UNWIND $places AS place
MATCH (u:CodeUse {place: place})
WHERE u.until = $step
RETURN properties(u) AS line;

// name: end_adding_up
// what: nothing; the state holds
// param step: integer
// returns: none
// mode: write
MATCH (i:Installation {key: 'installation'})
SET i.use_added_up = $step;

// name: drop_ended_lines
// what: how many lines are gone that ended with an adding up; run again until none is
// param added_up: integer
// param limit: integer
// returns: one
// mode: write
MATCH (u:CodeUse) WHERE u.until <= $added_up
WITH u LIMIT $limit
DELETE u
RETURN count(*) AS gone;

// name: begin_recount
// what: nothing; a new table counts from now on, is not complete, and is in a state of its own
// returns: none
// mode: write
MATCH (i:Installation {key: 'installation'})
WITH i, coalesce(i.use_generation, 0) + 1 AS generation, coalesce(i.use_step, 0) + 1 AS step
SET i.use_generation = generation, i.use_complete = false, i.use_step = step, i.use_added_up = step;

// name: drop_other_tables
// what: how many lines of other tables are gone; run again until none is
// param generation: integer
// param limit: integer
// returns: one
// mode: write
MATCH (u:CodeUse) WHERE u.generation <> $generation
WITH u LIMIT $limit
DELETE u
RETURN count(*) AS gone;

// name: end_recount
// what: nothing; the table is complete
// returns: none
// mode: write
MATCH (i:Installation {key: 'installation'})
SET i.use_complete = true;

// name: every_event_id
// what: a row an event, whoever's
// returns: many
// mode: read
MATCH (e:Event)
RETURN e.id AS id;
