// Keys, grants, and who holds a case. Every change raises the access revision, which each process polls.

// name: access_revision
// what: number of the last change of a key or grant; no row before the first
// returns: one
// mode: read
MATCH (r:AccessRevision {key: 'access'})
RETURN r.number AS number;

// name: raise_revision
// what: nothing; other processes will see that keys or grants changed
// returns: none
// mode: write
MERGE (r:AccessRevision {key: 'access'})
SET r.number = coalesce(r.number, 0) + 1;

// name: key
// what: the key of that id
// param id: string
// returns: one
// mode: read
MATCH (k:ApiKey {id: $id})
RETURN k.id AS id, k.digest AS digest, k.account AS account, k.created_by AS created_by, k.created_at AS created_at,
       k.expires AS expires, k.last_used AS last_used, k.revoked_at AS revoked_at;

// name: keys
// what: a key a row, newest first
// returns: many
// mode: read
MATCH (k:ApiKey)
RETURN k.id AS id, k.digest AS digest, k.account AS account, k.created_by AS created_by, k.created_at AS created_at,
       k.expires AS expires, k.last_used AS last_used, k.revoked_at AS revoked_at
ORDER BY k.created_at DESC, k.id;

// name: add_key
// what: nothing; the key is kept. Its secret never comes here, only the digest under the pepper
// param id: string
// param digest: string
// param account: string - JSON
// param created_by: string
// param created_at: integer - microseconds
// param expires: integer - microseconds
// returns: none
// mode: write
CREATE (k:ApiKey {id: $id, digest: $digest, account: $account, created_by: $created_by, created_at: $created_at,
                  expires: $expires});

// name: revoke_key
// what: the id, if the key was in use
// param id: string
// param at: integer - microseconds
// returns: one
// mode: write
MATCH (k:ApiKey {id: $id})
WHERE k.revoked_at IS NULL
SET k.revoked_at = $at
RETURN k.id AS id;

// name: note_use
// what: nothing; the key was used
// param id: string
// param at: integer - microseconds
// returns: none
// mode: write
MATCH (k:ApiKey {id: $id})
SET k.last_used = $at;

// name: grants
// what: a grant a row, of one account, that ends after a moment, oldest first
// param account: string
// param since: integer - microseconds
// returns: many
// mode: read
MATCH (g:Grant {account: $account})
WHERE g.expires > $since
RETURN g.id AS id, g.kind AS kind, g.account AS account, g.event AS event, g.given_by AS given_by,
       g.given_at AS given_at, g.expires AS expires, g.reason AS reason, g.approved_by AS approved_by,
       g.approved_at AS approved_at, g.revoked_at AS revoked_at
ORDER BY g.given_at, g.id;

// name: listed_grants
// what: a grant a row, newest first
// param kind: case or opening
// param account: string or null
// param event: string or null
// param ends_after: integer or null - microseconds
// param limit: integer
// returns: many
// mode: read
MATCH (g:Grant)
WHERE g.kind = $kind AND ($account IS NULL OR g.account = $account) AND ($event IS NULL OR g.event = $event)
  AND ($ends_after IS NULL OR (g.expires > $ends_after AND (g.revoked_at IS NULL OR g.revoked_at > $ends_after)))
RETURN g.id AS id, g.kind AS kind, g.account AS account, g.event AS event, g.given_by AS given_by,
       g.given_at AS given_at, g.expires AS expires, g.reason AS reason, g.approved_by AS approved_by,
       g.approved_at AS approved_at, g.revoked_at AS revoked_at
ORDER BY g.given_at DESC, g.id LIMIT $limit;

// name: grant
// what: the grant of that id
// param id: string
// returns: one
// mode: read
MATCH (g:Grant {id: $id})
RETURN g.id AS id, g.kind AS kind, g.account AS account, g.event AS event, g.given_by AS given_by,
       g.given_at AS given_at, g.expires AS expires, g.reason AS reason, g.approved_by AS approved_by,
       g.approved_at AS approved_at, g.revoked_at AS revoked_at;

// name: add_grant
// what: nothing; the grant is kept
// param id: string
// param kind: case or opening
// param account: string
// param event: string
// param given_by: string
// param given_at: integer - microseconds
// param expires: integer - microseconds
// param reason: string
// returns: none
// mode: write
CREATE (g:Grant {id: $id, kind: $kind, account: $account, event: $event, given_by: $given_by, given_at: $given_at,
                 expires: $expires, reason: $reason});

// name: lock_grant
// what: nothing; the grant is locked until the transaction ends. Read it after
// param id: string
// returns: none
// mode: write
MATCH (g:Grant {id: $id})
SET g.touched = coalesce(g.touched, 0) + 1;

// name: set_grant
// what: nothing; approval and end of the grant are as given. Run after lock_grant
// param id: string
// param approved_by: string or null
// param approved_at: integer or null
// param revoked_at: integer or null
// returns: none
// mode: write
MATCH (g:Grant {id: $id})
SET g.approved_by = $approved_by, g.approved_at = $approved_at, g.revoked_at = $revoked_at;

// name: placed
// what: what decides who sees the event, if it lies inside the scope
// param id: string
// param scope: map - registry.access.scope
// returns: one
// mode: read
MATCH (e:Event {id: $id})
WHERE in_scope(e)
RETURN e.id AS id, e.holder AS holder, e.country AS country, e.marks AS marks;
