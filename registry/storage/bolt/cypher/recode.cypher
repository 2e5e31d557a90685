// Moving records from one version of a list to another. What a record was stands on its RECODED_IN relationships.

// name: held_codings
// what: a row a coding that events inside the scope are in
// param scope: map - registry.access.scope
// returns: many
// mode: read
MATCH (c:Coding)
WHERE EXISTS { MATCH (e:Event)-[:CODED_BY]->(c) WHERE in_scope(e) }
RETURN c.id AS id, c.lists AS lists;

// name: events_in_codings
// what: a row an event of these codings
// param codings: list of string
// param scope: map - registry.access.scope
// returns: many
// mode: read
MATCH (c:Coding) WHERE c.id IN $codings
MATCH (e:Event)-[:CODED_BY]->(c)
WHERE in_scope(e)
RETURN e.id AS id;

// name: recode_batches
// what: a row a batch: the actor's own, and those that moved an event inside the scope; events that it moved last
// param actor: string
// param scope: map - registry.access.scope
// returns: many
// mode: read
MATCH (b:RecodeBatch)
WITH b, COUNT { MATCH (e:Event)-[r:RECODED_IN]->(b) WHERE r.number = e.recodings AND in_scope(e) } AS events
WHERE b.actor = $actor OR events > 0
RETURN b.id AS id, b.actor AS actor, b.at AS at, b.scheme AS scheme, b.source AS source, b.target AS target,
       b.rules AS rules, b.decisions AS decisions, b.state AS state, events, b.undone_by AS undone_by,
       b.undone_at AS undone_at
ORDER BY at DESC, id;

// name: events_of_batch
// what: a row an event that the batch moved and no later one did
// param batch: string
// param scope: map - registry.access.scope
// returns: many
// mode: read
MATCH (b:RecodeBatch {id: $batch})
MATCH (e:Event)-[r:RECODED_IN]->(b)
WHERE r.number = e.recodings AND in_scope(e)
RETURN e.id AS id;

// name: running_batch
// what: the actor's batch of the same versions, rules and decisions that was begun and not ended
// param actor: string
// param scheme: string
// param source: string
// param target: string
// param rules: string
// param decisions: string
// returns: many
// mode: read
MATCH (b:RecodeBatch)
WHERE b.actor = $actor AND b.scheme = $scheme AND b.source = $source AND b.target = $target
  AND b.rules = $rules AND b.decisions = $decisions AND b.state = 'running'
RETURN b.id AS id, b.actor AS actor, b.at AS at, b.scheme AS scheme, b.source AS source, b.target AS target,
       b.rules AS rules, b.decisions AS decisions, b.state AS state, 0 AS events, b.undone_by AS undone_by,
       b.undone_at AS undone_at
ORDER BY at LIMIT 1;

// name: begin_batch
// what: nothing; the batch is there
// param id: string
// param properties: {id, actor, at, scheme, source, target, rules, decisions, state}
// returns: none
// mode: write
MERGE (b:RecodeBatch {id: $id})
SET b += $properties;

// name: end_batch
// what: nothing; the batch stands so
// param id: string
// param properties: {state} or {state, undone_by, undone_at}
// returns: none
// mode: write
MATCH (b:RecodeBatch {id: $id})
SET b += $properties;

// name: ensure_coding
// what: nothing; the coding is there
// param id: string
// param lists: list of string - variable=scheme/version
// returns: none
// mode: write
MERGE (c:Coding {id: $id}) SET c.lists = $lists;

// name: clear_moved
// what: nothing; locked events stand alone; judgements and what they were before stay
// param ids: list of string
// returns: none
// mode: write
UNWIND $ids AS id
MATCH (e:Event {id: id})-[r]-()
WHERE type(r) <> 'SAME_AS' AND type(r) <> 'RECODED_IN'
DELETE r;

// name: move_events
// what: nothing; locked and cleared events hold the re-coded record; holder, informant's mark and digest stay
// param rows: list of {entity, batch, coding, recodings, properties}
// returns: none
// mode: write
UNWIND $rows AS row
MATCH (e:Event {id: row.properties.id})
MATCH (n:ReportingEntity {id: row.entity}) MATCH (b:Batch {id: row.batch}) MATCH (c:Coding {id: row.coding})
WITH row, e, n, b, c, e.holder AS holder, coalesce(e.informant, false) AS informant, e.digest AS digest
SET e = row.properties
SET e.holder = holder, e.informant = informant, e.digest = digest, e.recodings = row.recodings,
    e.marks = e.marks + CASE WHEN informant THEN 4 ELSE 0 END,
    e.country = coalesce(e.country, CASE WHEN size(n.area) = 2 THEN n.area END)
CREATE (e)-[:IN_BATCH]->(b) CREATE (e)-[:CODED_BY]->(c) CREATE (e)-[:REPORTED_BY]->(n);

// name: keep_codes
// what: nothing; what the events were before stands between them and the recode batch
// param batch: string
// param rows: list of {event, number, coding, kept}
// returns: none
// mode: write
MATCH (b:RecodeBatch {id: $batch})
UNWIND $rows AS row
MATCH (e:Event {id: row.event})
CREATE (e)-[:RECODED_IN {number: row.number, coding: row.coding, kept: row.kept}]->(b);

// name: forget_kept
// what: nothing; the events' last re-coding, which was this batch's, is taken back
// param batch: string
// param ids: list of string
// returns: none
// mode: write
MATCH (b:RecodeBatch {id: $batch})
UNWIND $ids AS id
MATCH (e:Event {id: id})-[r:RECODED_IN]->(b)
DELETE r;
