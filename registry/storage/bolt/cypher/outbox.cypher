// What happened: one :Outbox node a happening, written in the transaction of the change it tells of. Positions of a
// kind only rise, because every writer of the kind holds the same lock (the registry's, or the bulk lease).

// name: outbox_ends
// what: a row a kind: the place of its last happening; no row for a kind of which nothing happened
// param kinds: list of string
// returns: many
// mode: read
UNWIND $kinds AS kind
CALL (kind) {
  MATCH (o:Outbox {kind: kind})
  RETURN o.position AS position, o.key AS key
  ORDER BY o.position DESC, o.key DESC LIMIT 1
}
RETURN kind, position, key;

// name: outbox_after
// what: a row a happening past its kind's place, kind by kind rising; at most so many
// param places: list of map - kind, position, key
// param most: integer
// returns: many
// mode: read
UNWIND $places AS place
MATCH (o:Outbox {kind: place.kind})
WHERE o.position > place.position OR (o.position = place.position AND o.key > place.key)
RETURN o.kind AS kind, o.position AS position, o.key AS key, o.subject AS subject, o.at AS at
ORDER BY kind, position, key LIMIT $most;

// name: tell_at
// what: nothing; each row happened, at a position that the caller's lock makes the highest of its kind
// param kind: string
// param position: integer
// param at: integer - microseconds
// param rows: list of map - key (unique among all happenings), subject
// returns: none
// mode: write
UNWIND $rows AS row
CREATE (o:Outbox {key: row.key, kind: $kind, position: $position, subject: row.subject, at: $at});

// name: tell_next
// what: nothing; each row happened at the instant, or just past the last position where that is not the later. Run
//   under the lock of the kind's writers
// param kind: string
// param at: integer - microseconds
// param rows: list of map - key (unique among all happenings), subject
// returns: none
// mode: write
OPTIONAL MATCH (last:Outbox {kind: $kind})
WITH max(last.position) AS last
WITH CASE WHEN last IS NULL OR last < $at THEN $at ELSE last + 1 END AS position
UNWIND $rows AS row
CREATE (o:Outbox {key: row.key, kind: $kind, position: position, subject: row.subject, at: $at});
