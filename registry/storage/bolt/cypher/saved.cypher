// Saved queries: what was asked, by name and owner; and the links that a delivery told for the first time.

// fragments of: network

// name: saved_queries
// what: a row a query that is the account's, or shared with it by name, or with its agency
// param owner: string
// param agency: string or null
// returns: many
// mode: read
MATCH (q:SavedQuery)
WHERE q.owner = $owner OR $owner IN q.accounts OR (q.with_agency AND q.agency = $agency)
RETURN properties(q) AS query;

// name: lock_saver
// what: nothing; the account's saving is locked until the transaction ends
// param owner: string
// returns: none
// mode: write
MERGE (s:Saver {owner: $owner})
SET s.touched = coalesce(s.touched, 0) + 1;

// name: count_saved
// what: how many queries the account has saved, that of this id aside. Run after lock_saver
// param owner: string
// param id: string
// returns: one
// mode: read
MATCH (q:SavedQuery {owner: $owner})
WHERE q.id <> $id
RETURN count(q) AS saved;

// name: put_saved
// what: nothing; the query is there
// param id: string
// param properties: map
// returns: none
// mode: write
MERGE (q:SavedQuery {id: $id})
SET q = $properties;

// name: change_saved
// what: the query's id; no row when the account has no such query. Run after lock_saver
// param id: string
// param owner: string
// param properties: map
// returns: one
// mode: write
MATCH (q:SavedQuery {id: $id, owner: $owner})
SET q += $properties
RETURN q.id AS id;

// name: delete_saved
// what: the query's id; no row when the account had no such query. Run after lock_saver
// param id: string
// param owner: string
// returns: one
// mode: write
MATCH (q:SavedQuery {id: $id, owner: $owner})
WITH q, q.id AS id
DELETE q
RETURN id;

// name: told_at_events
// what: of events in view the participations that one delivery's chunk told for the first time, in columns
// param ids: list of string - events
// param chunk: string
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (e:Event {id: id})
WHERE in_view(e)
MATCH (p:Person)-[r:VICTIM_IN|PERPETRATOR_IN]->(e)
WHERE r.told = $chunk
RETURN collect(p.id) AS sources, collect(e.id) AS targets, collect(type(r)) AS kinds;

// name: told_at_people
// what: of people the participations in events in view that one delivery's chunk told for the first time, in columns
// param ids: list of string - people
// param chunk: string
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (p:Person {id: id})-[r:VICTIM_IN|PERPETRATOR_IN]->(e:Event)
WHERE r.told = $chunk AND in_view(e)
RETURN collect(p.id) AS sources, collect(e.id) AS targets, collect(type(r)) AS kinds;

// name: told_relations
// what: of people the relations, from either end, that one delivery's chunk told for the first time in events in view
// param ids: list of string - people
// param chunk: string
// returns: one
// mode: read
UNWIND $ids AS id
MATCH (p:Person {id: id})-[l:RELATED_TO]-(q:Person)
WHERE l.told = $chunk
MATCH (e:Event {id: l.event})
WHERE in_view(e)
RETURN collect(startNode(l).id) AS sources, collect(endNode(l).id) AS targets, collect(type(l)) AS kinds;
