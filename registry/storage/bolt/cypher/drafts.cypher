// Drafts of scheme versions: one :Draft a draft, one :DraftEdit an edit (never deleted: an undone one says by whom),
// :DraftApproval, :DraftComment, and what a release leaves behind: :ReleaseNote.
// Every guarded change runs lock_draft first and then looks at the draft in the same transaction.

// name: open_draft
// what: nothing; the draft is there
// param draft: map - id, scheme, base, base_digest, first_tag, tag, stage, state, opened_by, opened_at, last_editor, edits
// returns: none
// mode: write
CREATE (d:Draft {id: $draft.id, scheme: $draft.scheme, base: $draft.base, base_digest: $draft.base_digest,
                 first_tag: $draft.first_tag, tag: $draft.tag, stage: $draft.stage, state: $draft.state, opened_by: $draft.opened_by,
                 opened_at: $draft.opened_at, last_editor: $draft.last_editor, edits: $draft.edits, touched: 0});

// name: drafts
// what: a row a draft
// param scheme: string or null - null for every scheme
// returns: many
// mode: read
MATCH (d:Draft)
WHERE $scheme IS NULL OR d.scheme = $scheme
RETURN d.id AS id, d.scheme AS scheme, d.base AS base, d.base_digest AS base_digest, d.first_tag AS first_tag, d.tag AS tag,
       d.stage AS stage, d.state AS state, d.opened_by AS opened_by, d.opened_at AS opened_at, d.last_editor AS last_editor,
       d.edits AS edits;

// name: read_draft
// what: one row: the draft's properties; no row without such a draft
// param id: string
// returns: one
// mode: read
MATCH (d:Draft {id: $id})
RETURN d.id AS id, d.scheme AS scheme, d.base AS base, d.base_digest AS base_digest, d.first_tag AS first_tag, d.tag AS tag,
       d.stage AS stage, d.state AS state, d.opened_by AS opened_by, d.opened_at AS opened_at, d.last_editor AS last_editor,
       d.edits AS edits;

// name: draft_edits
// what: a row an edit of the draft, in no order
// param id: string - the draft's
// returns: many
// mode: read
MATCH (e:DraftEdit {draft: $id})
RETURN e.number AS number, e.payload AS payload, e.reason AS reason, e.actor AS actor, e.at AS at,
       e.state_before AS state_before, e.undone_by AS undone_by;

// name: draft_approvals
// what: a row an approval of the draft, in no order
// param id: string - the draft's
// returns: many
// mode: read
MATCH (a:DraftApproval {draft: $id})
RETURN a.actor AS actor, a.at AS at, a.state AS state;

// name: lock_draft
// what: nothing; the draft, if there is one, is locked until the transaction ends
// param id: string
// returns: none
// mode: write
MATCH (d:Draft {id: $id})
SET d.touched = d.touched + 1;

// name: set_draft
// what: nothing; the draft's changing properties are as given. Run after lock_draft
// param id: string
// param tag: string
// param stage: string
// param state: string
// param last_editor: string
// param edits: integer
// returns: none
// mode: write
MATCH (d:Draft {id: $id})
SET d.tag = $tag, d.stage = $stage, d.state = $state, d.last_editor = $last_editor, d.edits = $edits;

// name: set_stage
// what: nothing; the draft is in that stage. Run after lock_draft
// param id: string
// param stage: string
// returns: none
// mode: write
MATCH (d:Draft {id: $id})
SET d.stage = $stage;

// name: add_edits
// what: nothing; each row is an edit
// param rows: list of map - key, draft, number, payload, reason, actor, at, state_before
// returns: none
// mode: write
UNWIND $rows AS row
CREATE (e:DraftEdit {key: row.key, draft: row.draft, number: row.number, payload: row.payload, reason: row.reason,
                     actor: row.actor, at: row.at, state_before: row.state_before});

// name: undo_edits
// what: nothing; the edits say who undid them
// param keys: list of string
// param actor: string
// param at: integer - microseconds
// returns: none
// mode: write
MATCH (e:DraftEdit)
WHERE e.key IN $keys
SET e.undone_by = $actor, e.undone_at = $at;

// name: approve_draft
// what: nothing; the approval is there, with the time of the first
// param key: string - draft, state and actor
// param draft: string
// param state: string
// param actor: string
// param at: integer - microseconds
// returns: none
// mode: write
MERGE (a:DraftApproval {key: $key})
ON CREATE SET a.draft = $draft, a.state = $state, a.actor = $actor, a.at = $at;

// name: add_comments
// what: nothing; each row is what its organisation says on its place, instead of what it said before
// param rows: list of map - key (draft, place, country, organisation, language), id, draft, code, country, organisation, text, language, actor, at, state
// returns: none
// mode: write
UNWIND $rows AS row
MERGE (c:DraftComment {key: row.key})
SET c.id = row.id, c.draft = row.draft, c.code = row.code, c.country = row.country, c.organisation = row.organisation, c.text = row.text,
    c.language = row.language, c.actor = row.actor, c.at = row.at, c.state = row.state
REMOVE c.disposition, c.disposition_reason, c.disposed_by, c.disposed_at;

// name: draft_comments
// what: a row a comment of the draft, in no order
// param id: string - the draft's
// returns: many
// mode: read
MATCH (c:DraftComment {draft: $id})
RETURN c.id AS id, c.code AS code, coalesce(c.country, '') AS country, c.organisation AS organisation,
       c.text AS text, c.language AS language,
       c.actor AS actor, c.at AS at, c.state AS state, c.disposition AS disposition,
       c.disposition_reason AS disposition_reason, c.disposed_by AS disposed_by, c.disposed_at AS disposed_at;

// name: dispose_comment
// what: a row with the comment's id; no row without such a comment on the draft
// param draft: string
// param id: string
// param disposition: string
// param reason: string
// param actor: string
// param at: integer - microseconds
// returns: one
// mode: write
MATCH (c:DraftComment {draft: $draft, id: $id})
SET c.disposition = $disposition, c.disposition_reason = $reason, c.disposed_by = $actor, c.disposed_at = $at
RETURN c.id AS id;

// name: add_release_note
// what: nothing; the note stands beside its release
// param key: string - of the release
// param scheme: string
// param version: string
// param digest: string
// param revision: integer
// param draft: string
// param released_by: string
// param released_at: integer - microseconds
// param reason: string
// param bodies: list of string - who decided, a place a decision
// param days: list of string - when, ISO 8601
// param symbols: list of string - document symbols
// returns: none
// mode: write
CREATE (n:ReleaseNote {key: $key, scheme: $scheme, version: $version, digest: $digest, revision: $revision,
                       draft: $draft, released_by: $released_by, released_at: $released_at, reason: $reason,
                       bodies: $bodies, days: $days, symbols: $symbols});

// name: release_notes
// what: a row a note of the scheme, in no order
// param scheme: string
// returns: many
// mode: read
MATCH (n:ReleaseNote {scheme: $scheme})
RETURN n.version AS version, n.digest AS digest, n.released_by AS released_by, n.released_at AS released_at,
       n.reason AS reason, n.bodies AS bodies, n.days AS days, n.symbols AS symbols, n.draft AS draft,
       n.revision AS revision;

// name: add_retirement
// what: nothing; the end of a version stands beside it. Run after lock_registry
// param key: string - of the release, and what became of it
// param scheme: string
// param version: string
// param became: string - superseded or withdrawn
// param successors: list of string - keys of releases
// param reason: string
// param actor: string
// param at: integer - microseconds
// param revision: integer - the registry's, that it brings
// param bodies: list of string - who decided, a place a decision
// param days: list of string - when, ISO 8601
// param symbols: list of string - document symbols
// returns: none
// mode: write
CREATE (x:Retirement {key: $key, scheme: $scheme, version: $version, became: $became, successors: $successors, reason: $reason,
                      actor: $actor, at: $at, revision: $revision, bodies: $bodies, days: $days, symbols: $symbols});

// name: set_stage_of_version
// what: nothing; the draft that became the version, if one did, is in that stage
// param scheme: string
// param version: string
// param stage: string
// returns: none
// mode: write
MATCH (n:ReleaseNote {scheme: $scheme, version: $version})
MATCH (d:Draft {id: n.draft})
SET d.stage = $stage;
