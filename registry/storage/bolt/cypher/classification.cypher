// The registry's releases. One :Registry node counts the changes (its revision), one :Release a release holds what
// it is, and :ReleaseText nodes hold its compressed text in parts, so that listing releases never reads their texts.

// name: list_releases
// what: one row: the registry's revision (0 without a registry) and a column a property, a place a release
// returns: one
// mode: read
OPTIONAL MATCH (r:Registry {key: 'registry'})
OPTIONAL MATCH (x:Release)
RETURN coalesce(max(r.revision), 0) AS revision, collect(x.key) AS keys, collect(x.kind) AS kinds,
       collect(x.digest) AS digests, collect(x.revision) AS revisions, collect(x.origin) AS origins;

// name: registry_revision
// what: the revision, no row without a registry. Asked each second by every process: one node, one property
// returns: one
// mode: read
MATCH (r:Registry {key: 'registry'})
RETURN r.revision AS revision;

// name: read_texts
// what: a row a part of a text, in no order
// param digests: list of string - of the releases wanted
// returns: many
// mode: read
MATCH (t:ReleaseText)
WHERE t.digest IN $digests
RETURN t.digest AS digest, t.part AS part, t.text AS text;

// name: ensure_registry
// what: nothing; the registry is there. Run in a transaction of its own: on the embedded engine one of several racing
//   MERGEs may take another's node for there before that is committed, and then cannot find it
// returns: none
// mode: write
MERGE (r:Registry {key: 'registry'})
ON CREATE SET r.revision = 0, r.touched = 0;

// name: lock_registry
// what: nothing; the registry is locked until the transaction ends
// returns: none
// mode: write
MATCH (r:Registry {key: 'registry'})
SET r.touched = r.touched + 1;

// name: locked_revision
// what: the revision as it stands under the lock, no row where the registry is not seen yet. Run after lock_registry
// returns: one
// mode: read
MATCH (r:Registry {key: 'registry'})
RETURN r.revision AS revision;

// name: find_releases
// what: a row a release of those keys that is stored already
// param keys: list of string
// returns: many
// mode: read
MATCH (x:Release)
WHERE x.key IN $keys
RETURN x.key AS key, x.digest AS digest, x.origin AS origin;

// name: add_releases
// what: nothing; each row is a release. Run after find_releases under the lock: none of the keys is taken
// param rows: list of map - key, kind, digest, revision, origin, size
// returns: none
// mode: write
UNWIND $rows AS row
CREATE (x:Release {key: row.key, kind: row.kind, digest: row.digest, revision: row.revision, origin: row.origin,
                   size: row.size});

// name: add_texts
// what: nothing; each row is a part of a release's text
// param rows: list of map - key, digest, part, text
// returns: none
// mode: write
UNWIND $rows AS row
CREATE (t:ReleaseText {key: row.key, digest: row.digest, part: row.part, text: row.text});

// name: set_origins
// what: nothing; each row says from which file a release known before was read again
// param rows: list of map - key, origin
// returns: none
// mode: write
UNWIND $rows AS row
MATCH (x:Release {key: row.key})
SET x.origin = row.origin;

// name: raise_revision
// what: nothing; the registry is at that revision, and since when is remembered
// param revision: integer
// param at: integer - microseconds
// returns: none
// mode: write
MATCH (r:Registry {key: 'registry'})
SET r.revision = $revision
CREATE (c:RegistryChange {revision: $revision, at: $at});

// name: registry_changes
// what: one row of columns: each revision and since when it holds
// returns: one
// mode: read
OPTIONAL MATCH (c:RegistryChange)
RETURN collect(c.revision) AS revisions, collect(c.at) AS instants;

// name: retirements
// what: a row a version that was superseded or withdrawn by an act, in no order
// returns: many
// mode: read
MATCH (x:Retirement)
RETURN x.scheme AS scheme, x.version AS version, x.became AS became, x.successors AS successors, x.reason AS reason,
       x.actor AS actor, x.at AS at, x.revision AS revision, x.bodies AS bodies, x.days AS days, x.symbols AS symbols;
