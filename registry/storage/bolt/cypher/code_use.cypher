// The table of how often codes are used: a cell a list, variable, code, reporting entity and place (holder, country, marks).
// Scope: cell_in_scope(u) for whole cells, in_scope(e) where records are counted one by one.

// name: generation
// what: the number of the table that counts now, and whether it is complete
// returns: one
// mode: read
MATCH (i:Installation {key: 'installation'})
RETURN coalesce(i.use_generation, 0) AS generation, coalesce(i.use_complete, false) AS complete;

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

// name: lock_cells
// what: nothing; the cells are there, and locked until the transaction ends
// param rows: list of {key, cell}
// returns: none
// mode: write
UNWIND $rows AS row
MERGE (u:CodeUse {key: row.key})
ON CREATE SET u += row.cell
SET u.touched = coalesce(u.touched, 0) + 1;

// name: add_to_cells
// what: nothing; the locked cells hold so much more, or less
// param rows: list of {key, counts}
// returns: none
// mode: write
UNWIND $rows AS row
MATCH (u:CodeUse {key: row.key})
SET u.events = coalesce(u.events, 0) + row.counts[0], u.on_events = coalesce(u.on_events, 0) + row.counts[1],
    u.victims = coalesce(u.victims, 0) + row.counts[2], u.perpetrators = coalesce(u.perpetrators, 0) + row.counts[3],
    u.groups = coalesce(u.groups, 0) + row.counts[4];

// name: drop_empty_cells
// what: nothing; of the locked cells those without any event are gone
// param keys: list of string
// returns: none
// mode: write
UNWIND $keys AS key
MATCH (u:CodeUse {key: key})
WHERE u.events = 0
DELETE u;

// name: mark_counted
// what: nothing; the locked events are counted by that table
// param ids: list of string
// param generation: integer
// returns: none
// mode: write
UNWIND $ids AS id
MATCH (e:Event {id: id})
SET e.counted = $generation;

// name: cells_of_codes
// what: a row a list, variable, code and entity: sums over the places inside the scope
// param at: list of string - generation|list|code
// param scope: map - registry.access.scope
// returns: many
// mode: read
MATCH (u:CodeUse) WHERE u.at IN $at
  AND cell_in_scope(u)
RETURN u.list AS list, u.variable AS variable, u.code AS code, u.entity AS entity, sum(u.events) AS events,
       sum(u.on_events) AS on_events, sum(u.victims) AS victims, sum(u.perpetrators) AS perpetrators,
       sum(u.groups) AS groups;

// name: cells_of_lists
// what: a row a list, variable, code and entity: sums over the places inside the scope
// param of: list of string - generation|list
// param scope: map - registry.access.scope
// returns: many
// mode: read
MATCH (u:CodeUse) WHERE u.of IN $of
  AND cell_in_scope(u)
RETURN u.list AS list, u.variable AS variable, u.code AS code, u.entity AS entity, sum(u.events) AS events,
       sum(u.on_events) AS on_events, sum(u.victims) AS victims, sum(u.perpetrators) AS perpetrators,
       sum(u.groups) AS groups;

// name: coded_lists
// what: what codings name, variable=scheme/version each, whoever's records are in them
// returns: one
// mode: read
MATCH (c:Coding)
UNWIND c.lists AS named
RETURN collect(DISTINCT named) AS lists;

// name: every_cell
// what: a row a cell, whoever's
// param generation: integer
// returns: many
// mode: read
MATCH (u:CodeUse) WHERE u.generation = $generation
RETURN u.key AS key, u.events AS events, u.on_events AS on_events, u.victims AS victims,
       u.perpetrators AS perpetrators, u.groups AS groups;

// name: begin_recount
// what: nothing; a new table counts from now on, and is not complete
// returns: none
// mode: write
MATCH (i:Installation {key: 'installation'})
SET i.use_generation = coalesce(i.use_generation, 0) + 1, i.use_complete = false;

// name: drop_old_cells
// what: how many cells of other tables are gone; run again until none is
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
