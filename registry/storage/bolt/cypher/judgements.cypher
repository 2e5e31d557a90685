// Judgements that two records tell of the same. Records are never merged: an edge stands between them.
// Its key is the pair's ids, the lesser first, with a uniqueness constraint: a pair is judged once.

// name: lock_people
// what: nothing; the record is locked until the transaction ends. Read it after
// param id: string
// returns: none
// mode: write
MATCH (n:Person {id: $id})
SET n.touched = coalesce(n.touched, 0) + 1;

// name: both_people
// what: a row if both people lie in scope
// param one: string
// param other: string
// param scope: map - registry.access.scope
// returns: one
// mode: read
MATCH (a:Person {id: $one}) MATCH (b:Person {id: $other})
WHERE ($scope.all OR EXISTS { MATCH (a)-[:VICTIM_IN|PERPETRATOR_IN]->(e:Event) WHERE in_scope(e) })
  AND ($scope.all OR EXISTS { MATCH (b)-[:VICTIM_IN|PERPETRATOR_IN]->(e:Event) WHERE in_scope(e) })
RETURN true AS both;

// name: judged_people
// what: the judgement about the pair, if there is one. Run after both_people
// param one: string
// param other: string
// returns: one
// mode: read
MATCH (a:Person {id: $one})-[j:SAME_AS]->(b:Person {id: $other})
RETURN j.judgement AS judgement, a.id AS one, b.id AS other, j.grounds AS grounds, j.by AS by, j.at AS at;

// name: judge_people
// what: nothing; the pair is judged the same
// param one: string
// param other: string
// param properties: map - key, judgement, grounds, by, at
// returns: none
// mode: write
MATCH (a:Person {id: $one}) MATCH (b:Person {id: $other})
CREATE (a)-[j:SAME_AS]->(b)
SET j = $properties;

// name: withdraw_people
// what: nothing; the pair's judgement is gone
// param one: string
// param other: string
// returns: none
// mode: write
MATCH (a:Person {id: $one})-[j:SAME_AS]->(b:Person {id: $other})
DELETE j;

// name: judgements_of_people
// what: a judgement a row about any of the people, where both ends lie in scope, newest first
// param ids: list of string
// param scope: map - registry.access.scope
// returns: many
// mode: read
UNWIND $ids AS id
MATCH (a:Person {id: id})-[j:SAME_AS]-(b:Person)
WHERE ($scope.all OR EXISTS { MATCH (a)-[:VICTIM_IN|PERPETRATOR_IN]->(e:Event) WHERE in_scope(e) })
  AND ($scope.all OR EXISTS { MATCH (b)-[:VICTIM_IN|PERPETRATOR_IN]->(e:Event) WHERE in_scope(e) })
WITH DISTINCT j, startNode(j) AS a, endNode(j) AS b
RETURN j.judgement AS judgement, a.id AS one, b.id AS other, j.grounds AS grounds, j.by AS by, j.at AS at
ORDER BY j.at DESC, j.key;

// name: lock_events
// what: nothing; the record is locked until the transaction ends. Read it after
// param id: string
// returns: none
// mode: write
MATCH (n:Event {id: $id})
SET n.touched = coalesce(n.touched, 0) + 1;

// name: both_events
// what: a row if both events lie in scope
// param one: string
// param other: string
// param scope: map - registry.access.scope
// returns: one
// mode: read
MATCH (s:Event {id: $one}) MATCH (e:Event {id: $other})
WHERE in_scope(s) AND in_scope(e)
RETURN true AS both;

// name: judged_events
// what: the judgement about the pair, if there is one. Run after both_events
// param one: string
// param other: string
// returns: one
// mode: read
MATCH (a:Event {id: $one})-[j:SAME_AS]->(b:Event {id: $other})
RETURN j.judgement AS judgement, a.id AS one, b.id AS other, j.grounds AS grounds, j.by AS by, j.at AS at;

// name: judge_events
// what: nothing; the pair is judged the same
// param one: string
// param other: string
// param properties: map - key, judgement, grounds, by, at
// returns: none
// mode: write
MATCH (a:Event {id: $one}) MATCH (b:Event {id: $other})
CREATE (a)-[j:SAME_AS]->(b)
SET j = $properties;

// name: withdraw_events
// what: nothing; the pair's judgement is gone
// param one: string
// param other: string
// returns: none
// mode: write
MATCH (a:Event {id: $one})-[j:SAME_AS]->(b:Event {id: $other})
DELETE j;

// name: judgements_of_events
// what: a judgement a row about any of the events, where both ends lie in scope, newest first
// param ids: list of string
// param scope: map - registry.access.scope
// returns: many
// mode: read
UNWIND $ids AS id
MATCH (s:Event {id: id})-[j:SAME_AS]-(e:Event)
WHERE in_scope(s) AND in_scope(e)
WITH DISTINCT j, startNode(j) AS a, endNode(j) AS b
RETURN j.judgement AS judgement, a.id AS one, b.id AS other, j.grounds AS grounds, j.by AS by, j.at AS at
ORDER BY j.at DESC, j.key;
