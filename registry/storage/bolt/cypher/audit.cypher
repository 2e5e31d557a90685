// The audit: rows that are only added, blocks that seal them, and the head of the chain.
// `waiting` is no part of a row's text: it is there until a block holds the row.

// name: add_rows
// what: nothing; rows that are there already are left alone
// param rows: list of map {id, at, actor, act, subject, records, opened, text}
// returns: none
// mode: write
UNWIND $rows AS row
MERGE (a:AuditRow {id: row.id})
ON CREATE SET a.at = row.at, a.actor = row.actor, a.act = row.act, a.subject = row.subject,
              a.records = row.records, a.opened = row.opened, a.text = row.text, a.waiting = true;

// name: lock_head
// what: the head, locked until the transaction ends; number 0 before the first block
// returns: one
// mode: write
MERGE (h:AuditHead {key: 'head'})
SET h.touched = coalesce(h.touched, 0) + 1, h.number = coalesce(h.number, 0), h.mac = coalesce(h.mac, '')
RETURN h.number AS number, h.mac AS mac;

// name: head
// what: the head; no row before the first block
// returns: one
// mode: read
MATCH (h:AuditHead {key: 'head'})
RETURN h.number AS number, h.mac AS mac;

// name: waiting_rows
// what: a row in no block a row, oldest first
// param limit: integer
// returns: many
// mode: read
MATCH (a:AuditRow)
WHERE a.waiting = true
RETURN a.id AS id, a.text AS text
ORDER BY a.at, a.id LIMIT $limit;

// name: add_block
// what: nothing; the block is the head. Run after lock_head
// param number: integer
// param rows: list of string
// param digests: list of string
// param mac: string
// returns: none
// mode: write
MATCH (h:AuditHead {key: 'head'})
SET h.number = $number, h.mac = $mac
CREATE (b:AuditBlock {number: $number, rows: $rows, digests: $digests, mac: $mac});

// name: mark_sealed
// what: nothing; these rows wait no more
// param rows: list of string
// returns: none
// mode: write
UNWIND $rows AS id
MATCH (a:AuditRow {id: id})
REMOVE a.waiting;

// name: unsealed
// what: how many rows are in no block, and the earliest instant of them
// returns: one
// mode: read
MATCH (a:AuditRow)
WHERE a.waiting = true
RETURN count(a) AS waiting, min(a.at) AS oldest;

// name: blocks
// what: a block a row, in order
// param after: integer
// param limit: integer
// returns: many
// mode: read
MATCH (b:AuditBlock)
WHERE b.number > $after
RETURN b.number AS number, b.rows AS rows, b.digests AS digests, b.mac AS mac
ORDER BY b.number LIMIT $limit;

// name: row_texts
// what: one row of two columns, ids and texts, of the rows that are there
// param ids: list of string
// returns: one
// mode: read
MATCH (a:AuditRow)
WHERE a.id IN $ids
RETURN collect(a.id) AS ids, collect(a.text) AS texts;

// name: rows
// what: a row's text a row, newest first, beyond the row of that instant and id
// param actor: string or null
// param act: string or null
// param record: string or null
// param opened: string or null
// param subject: string or null
// param since: integer
// param until: integer
// param after_at: integer
// param after_id: string
// param limit: integer
// returns: many
// mode: read
MATCH (a:AuditRow)
WHERE a.at >= $since AND a.at <= $until AND ($actor IS NULL OR a.actor = $actor) AND ($act IS NULL OR a.act = $act)
  AND ($record IS NULL OR $record IN a.records) AND ($opened IS NULL OR $opened IN a.opened)
  AND ($subject IS NULL OR a.subject = $subject) AND (a.at < $after_at OR (a.at = $after_at AND a.id < $after_id))
RETURN a.text AS text
ORDER BY a.at DESC, a.id DESC LIMIT $limit;

// name: block
// what: the ids of a block's rows
// param number: integer
// returns: one
// mode: read
MATCH (b:AuditBlock {number: $number})
RETURN b.rows AS rows;

// name: newest_of
// what: how many of these rows are there, and the latest instant of them
// param ids: list of string
// returns: one
// mode: read
MATCH (a:AuditRow)
WHERE a.id IN $ids
RETURN count(a) AS rows, max(a.at) AS newest;

// name: blocks_older
// what: one row of columns: numbers of blocks up to a limit, in order, and how many of each block's rows there are, and
//       the latest instant of them (zero where none is left)
// param after: integer
// param limit: integer
// returns: one
// mode: read
MATCH (b:AuditBlock)
WHERE b.number > $after
WITH b ORDER BY b.number LIMIT $limit
UNWIND b.rows AS id
OPTIONAL MATCH (a:AuditRow {id: id})
WITH b.number AS number, count(a) AS rows, coalesce(max(a.at), 0) AS newest
ORDER BY number
RETURN collect(number) AS numbers, collect(rows) AS rows, collect(newest) AS newest;

// name: remove_rows
// what: nothing; these rows are gone
// param ids: list of string
// returns: none
// mode: write
MATCH (a:AuditRow)
WHERE a.id IN $ids
DELETE a;
