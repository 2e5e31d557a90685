// Referrals, contact requests and their answers. Whether a request hits a record is found when its holder looks, never
// when it is made. Every query that reads an event carries the scope.

// name: held_event
// what: who holds the event, if it lies inside the scope. Run before lock_event, and again after it
// param id: string
// param scope: map - registry.access.scope
// returns: one
// mode: read
MATCH (e:Event {id: $id})
WHERE in_scope(e)
RETURN e.holder AS holder;

// name: lock_event
// what: nothing; the event is locked until the transaction ends. Read it after
// param id: string
// returns: none
// mode: write
MATCH (e:Event {id: $id})
SET e.touched = coalesce(e.touched, 0) + 1;

// name: receiver
// what: the reporting entity of that id
// param id: string
// returns: one
// mode: read
MATCH (n:ReportingEntity {id: $id})
RETURN n.id AS id;

// name: open_offers
// what: how many offers of the event wait. Run after lock_event
// param event: string
// param now: integer - microseconds
// returns: one
// mode: read
MATCH (r:Referral {event: $event})
WHERE r.end IS NULL AND r.expires > $now
RETURN count(r) AS waiting;

// name: add_referral
// what: nothing; the offer is kept
// param id: string
// param event: string
// param giver: string
// param to: string
// param reason: string
// param given_by: string
// param given_at: integer - microseconds
// param expires: integer - microseconds
// returns: none
// mode: write
CREATE (r:Referral {id: $id, event: $event, giver: $giver, to: $to, reason: $reason, given_by: $given_by,
                    given_at: $given_at, expires: $expires});

// name: lock_referral
// what: nothing; the referral is locked until the transaction ends. Read it after
// param id: string
// returns: none
// mode: write
MATCH (r:Referral {id: $id})
SET r.touched = coalesce(r.touched, 0) + 1;

// name: referral
// what: the referral of that id, if its event lies inside the scope
// param id: string
// param scope: map - registry.access.scope
// returns: one
// mode: read
MATCH (r:Referral {id: $id}) MATCH (e:Event {id: r.event})
WHERE in_scope(e)
RETURN r.id AS id, r.event AS event, r.giver AS giver, r.to AS to, r.reason AS reason, r.given_by AS given_by,
       r.given_at AS given_at, r.expires AS expires, r.end AS end, r.ended_by AS ended_by, r.ended_at AS ended_at;

// name: end_referral
// what: nothing; the referral ended so. Run after lock_referral
// param id: string
// param end: accepted, refused or withdrawn
// param by: string
// param at: integer - microseconds
// returns: none
// mode: write
MATCH (r:Referral {id: $id})
SET r.end = $end, r.ended_by = $by, r.ended_at = $at;

// name: take_over
// what: the event, now held by the receiver; no row when the giver does not hold it any more. Run after lock_event
// param id: string
// param giver: string
// param to: string
// returns: one
// mode: write
MATCH (e:Event {id: $id})
WHERE e.holder = $giver
SET e.holder = $to
RETURN e.id AS id;

// name: mark_informant
// what: the event, now marked as an informant's or no more. Run after lock_event
// param id: string
// param informant: boolean
// returns: one
// mode: write
MATCH (e:Event {id: $id})
WITH e, CASE WHEN coalesce(e.informant, false) THEN 4 ELSE 0 END AS before
SET e.informant = $informant, e.marks = e.marks - before + CASE WHEN $informant THEN 4 ELSE 0 END
RETURN e.id AS id;

// name: referrals_given
// what: a referral a row, newest first: an agency's, given by an account or of an event inside the scope
// param agency: string
// param by: string
// param scope: map - registry.access.scope
// param open_at: integer or null - microseconds
// param limit: integer
// returns: many
// mode: read
MATCH (r:Referral {giver: $agency}) MATCH (e:Event {id: r.event})
WHERE (r.given_by = $by OR in_scope(e)) AND ($open_at IS NULL OR (r.end IS NULL AND r.expires > $open_at))
RETURN r.id AS id, r.event AS event, r.giver AS giver, r.to AS to, r.reason AS reason, r.given_by AS given_by,
       r.given_at AS given_at, r.expires AS expires, r.end AS end, r.ended_by AS ended_by, r.ended_at AS ended_at
ORDER BY r.given_at DESC, r.id LIMIT $limit;

// name: referrals_received
// what: a referral a row, newest first: to an agency, of an event inside the scope
// param agency: string
// param scope: map - registry.access.scope
// param open_at: integer or null - microseconds
// param limit: integer
// returns: many
// mode: read
MATCH (r:Referral {to: $agency}) MATCH (e:Event {id: r.event})
WHERE in_scope(e) AND ($open_at IS NULL OR (r.end IS NULL AND r.expires > $open_at))
RETURN r.id AS id, r.event AS event, r.giver AS giver, r.to AS to, r.reason AS reason, r.given_by AS given_by,
       r.given_at AS given_at, r.expires AS expires, r.end AS end, r.ended_by AS ended_by, r.ended_at AS ended_at
ORDER BY r.given_at DESC, r.id LIMIT $limit;

// name: lock_budget
// what: nothing; the agency's budget is locked until the transaction ends. Count its requests after
// param agency: string
// returns: none
// mode: write
MERGE (b:ContactBudget {agency: $agency})
SET b.touched = coalesce(b.touched, 0) + 1;

// name: requests_since
// what: how many requests the agency made since a moment, withdrawn ones counted
// param agency: string
// param since: integer - microseconds
// returns: one
// mode: read
MATCH (q:ContactRequest {agency: $agency})
WHERE q.asked_at > $since
RETURN count(q) AS made;

// name: own_tokens
// what: one row: how many of the person's events the agency holds inside the scope, and the tokens these tell of them
// param agency: string
// param person: string
// param kinds: list of string
// param scope: map - registry.access.scope
// returns: one
// mode: read
MATCH (p:Person {id: $person})-[:VICTIM_IN|PERPETRATOR_IN]->(e:Event)
WHERE in_scope(e) AND e.holder = $agency
OPTIONAL MATCH (e)-[:HAS_IDENTIFIER {person: $person}]->(i:Identifier)
WHERE i.kind IN $kinds
RETURN count(DISTINCT e) AS events, collect(DISTINCT i.id) AS tokens;

// name: add_request
// what: nothing; the request is kept. Nothing is compared
// param id: string
// param agency: string
// param person: string
// param reason: string
// param asked_by: string
// param asked_at: integer - microseconds
// param expires: integer - microseconds
// param tokens: list of string
// returns: none
// mode: write
CREATE (q:ContactRequest {id: $id, agency: $agency, person: $person, reason: $reason, asked_by: $asked_by,
                          asked_at: $asked_at, expires: $expires, tokens: $tokens});

// name: requests_sent
// what: a request a row, newest first, in columns of the answers to it that were told
// param agency: string
// param id: string or null
// param scope: map - registry.access.scope
// param decline: the answer that is never told
// param limit: integer
// returns: many
// mode: read
MATCH (q:ContactRequest {agency: $agency})
WHERE ($id IS NULL OR q.id = $id)
  AND EXISTS { MATCH (p:Person {id: q.person})-[:VICTIM_IN|PERPETRATOR_IN]->(e:Event) WHERE in_scope(e) }
WITH q ORDER BY q.asked_at DESC, q.id LIMIT $limit
OPTIONAL MATCH (a:ContactAnswer {request: q.id})
WHERE a.act <> $decline
WITH q, a ORDER BY a.answered_at, a.key
WITH q, collect(a) AS answers
RETURN q.id AS id, q.agency AS agency, q.person AS person, q.reason AS reason, q.asked_by AS asked_by,
       q.asked_at AS asked_at, q.expires AS expires, q.withdrawn_at AS withdrawn_at,
       [a IN answers | a.agency] AS agencies, [a IN answers | a.act] AS acts,
       [a IN answers | a.contact_point] AS contact_points, [a IN answers | a.answered_at] AS answered,
       [a IN answers | coalesce(a.referral, '')] AS referrals
ORDER BY asked_at DESC, id;

// name: lock_request
// what: nothing; the request is locked until the transaction ends. Read it after
// param id: string
// returns: none
// mode: write
MATCH (q:ContactRequest {id: $id})
SET q.touched = coalesce(q.touched, 0) + 1;

// name: withdraw_request
// what: nothing; the request waits no more. Run after lock_request
// param id: string
// param at: integer - microseconds
// returns: none
// mode: write
MATCH (q:ContactRequest {id: $id})
SET q.withdrawn_at = $at;

// name: contact_hits
// what: a request and an event a row, newest request first: open requests of others (or one of them) that hit what events
//       the agency holds inside the scope told of a person before the request was made
// param agency: string
// param id: string or null
// param event: string or null
// param now: integer - microseconds
// param scope: map - registry.access.scope
// param limit: integer
// returns: many
// mode: read
MATCH (q:ContactRequest)
WHERE q.expires > $now AND q.withdrawn_at IS NULL AND q.agency <> $agency AND ($id IS NULL OR q.id = $id)
UNWIND q.tokens AS token
MATCH (i:Identifier {id: token})<-[h:HAS_IDENTIFIER]-(e:Event)
WHERE in_scope(e) AND e.holder = $agency AND h.person <> '' AND h.told_at <= q.asked_at
  AND ($event IS NULL OR e.id = $event)
WITH q, e, h.person AS person, collect(DISTINCT i.kind) AS kinds
OPTIONAL MATCH (a:ContactAnswer {request: q.id, agency: $agency, event: e.id})
RETURN q.id AS request, q.agency AS agency, q.reason AS reason, q.asked_at AS asked_at, q.expires AS expires,
       e.id AS event, person, kinds, a.act AS answered
ORDER BY asked_at DESC, request, event, person LIMIT $limit;

// name: put_answer
// what: nothing; the agency's answer about this event is kept. Run after lock_request
// param key: string - request, agency and event
// param request: string
// param agency: string
// param event: string
// param act: string
// param contact_point: string
// param referral: string or null
// param by: string
// param at: integer - microseconds
// returns: none
// mode: write
MERGE (a:ContactAnswer {key: $key})
SET a.request = $request, a.agency = $agency, a.event = $event, a.act = $act, a.contact_point = $contact_point,
    a.referral = $referral, a.answered_by = $by, a.answered_at = $at;
