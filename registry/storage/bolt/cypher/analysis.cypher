// Analyses of the whole graph: an :Analysis each, a :Measure a record of it, and nothing on the records themselves.
// A :Measure belongs to its analysis by `analysis`; places are texts that sort as results are read, each an order:
// the analysis' id and a rank without gaps, so that a page is a short range (the embedded engine sorts a range first). Only an analysis whose state is 'finished' can be read.
// in_scope(e) here is the scope of the job, not of a reader; a reader must cover all that went in (registry.network).

// name: graph_size
// what: events in scope, their people, and links between them; a doubled link counts twice
//   Counted one by one: the embedded engine refuses to tell more than half a million apart at once.
// param scope: map - registry.access.scope
// returns: one
// mode: read
MATCH (e:Event)
WHERE in_scope(e)
WITH count(e) AS events, sum(COUNT { MATCH (:Person)-[:VICTIM_IN|PERPETRATOR_IN]->(e) }) AS links
OPTIONAL MATCH (p:Person)
WHERE EXISTS { MATCH (p)-[:VICTIM_IN|PERPETRATOR_IN]->(e:Event) WHERE in_scope(e) }
RETURN events, links, count(p) AS people;

// name: link_page
// what: the events between two ids in columns, in no order, with everybody in each
// param low: string
// param high: string
// param scope: map - registry.access.scope
// returns: one
// mode: read
MATCH (e:Event)
WHERE e.id >= $low AND e.id < $high AND in_scope(e)
WITH e, COLLECT { MATCH (p:Person)-[:VICTIM_IN|PERPETRATOR_IN]->(e) RETURN p.id } AS people
RETURN collect(e.id) AS events, collect(e.holder) AS holders, collect(coalesce(e.country, '')) AS countries,
       collect(e.marks) AS marks, collect(people) AS people;

// name: data_revision
// what: the data revision; no row before the first delivery
// returns: one
// mode: read
MATCH (d:DataRevision {key: 'cases'})
RETURN d.number AS number;

// name: raise_data_revision
// what: nothing; the data revision is one higher. Run under the bulk lease
// returns: none
// mode: write
MERGE (d:DataRevision {key: 'cases'})
ON CREATE SET d.number = 0
SET d.number = d.number + 1;

// name: begin_analysis
// what: nothing; an analysis that cannot be read is there
// param id: string
// returns: none
// mode: write
MERGE (a:Analysis {id: $id})
ON CREATE SET a.state = 'unfinished', a.holders = [], a.countries = [], a.marks = [], a.touched = 0;

// name: put_measures
// what: nothing; some results are there
// param rows: list of map - the properties of each
// returns: none
// mode: write
UNWIND $rows AS row
MERGE (m:Measure {key: row.key})
SET m += row;

// name: placed_now
// what: some events that went into the analysis, in columns with what decides now who sees each. It is asked for
//       those who decide who may read the analysis, so no scope binds it
// param after: string - a place
// param before: string - a place
// returns: one
// mode: read
MATCH (m:Measure)
WHERE m.place_component > $after AND m.place_component < $before
OPTIONAL MATCH (e:Event {id: m.record})
RETURN count(m) AS found, collect(DISTINCT e.holder) AS holders,
       collect(DISTINCT CASE WHEN e IS NOT NULL THEN coalesce(e.country, '') END) AS countries,
       collect(DISTINCT e.marks) AS marks;

// name: lock_analysis
// what: nothing; the analysis is locked until the transaction ends
// param ids: list of string
// returns: none
// mode: write
UNWIND $ids AS id
MATCH (a:Analysis {id: id})
SET a.touched = coalesce(a.touched, 0) + 1;

// name: finish_analysis
// what: nothing; the analysis can be read. What fed it joins what changes told of meanwhile. Run after lock_analysis
// param id: string
// param properties: map
// param holders: list of string
// param countries: list of string
// param marks: list of integer
// returns: none
// mode: write
MATCH (a:Analysis {id: $id})
SET a += $properties
SET a.holders = a.holders + [each IN $holders WHERE NOT each IN a.holders],
    a.countries = a.countries + [each IN $countries WHERE NOT each IN a.countries],
    a.marks = a.marks + [each IN $marks WHERE NOT each IN a.marks],
    a.state = 'finished';

// name: analysis_ids
// what: ids of all analyses, finished or not
// returns: one
// mode: read
MATCH (a:Analysis)
RETURN collect(a.id) AS ids, collect(a.state) AS states;

// name: analyses
// what: a row a finished analysis: its properties
// returns: many
// mode: read
MATCH (a:Analysis {state: 'finished'})
RETURN properties(a) AS analysis;

// name: analyses_at_present
// what: a row a finished analysis of the present data revision: its properties
// returns: many
// mode: read
MATCH (d:DataRevision {key: 'cases'})
MATCH (a:Analysis {state: 'finished'})
WHERE a.revision = d.number
RETURN properties(a) AS analysis;

// name: fed_by_events
// what: the analyses that some of these events went into
// param keys: list of string - analysis|event
// returns: one
// mode: read
UNWIND $keys AS key
MATCH (m:Measure {key: key})
RETURN collect(DISTINCT m.analysis) AS analyses, collect(DISTINCT m.record) AS events;

// name: widen_analyses
// what: nothing; what decides who sees these events now has fed these analyses too. Run after lock_analysis
// param analyses: list of string
// param events: list of string
// returns: none
// mode: write
MATCH (e:Event)
WHERE e.id IN $events
WITH collect(DISTINCT e.holder) AS holders, collect(DISTINCT coalesce(e.country, '')) AS countries,
     collect(DISTINCT e.marks) AS marks
UNWIND $analyses AS id
MATCH (a:Analysis {id: id})
SET a.holders = a.holders + [each IN holders WHERE NOT each IN a.holders],
    a.countries = a.countries + [each IN countries WHERE NOT each IN a.countries],
    a.marks = a.marks + [each IN marks WHERE NOT each IN a.marks];

// name: close_analysis
// what: nothing; the analysis cannot be read any more
// param id: string
// returns: none
// mode: write
MATCH (a:Analysis {id: $id})
SET a.state = 'unfinished';

// name: forget_analysis
// what: nothing; the analysis is gone. Run after forget_measures: it is what leads to them
// param id: string
// returns: none
// mode: write
MATCH (a:Analysis {id: $id})
DELETE a;

// name: forget_measures
// what: how many results were taken away, of those between two keys at most so many
// param after: string
// param before: string
// param limit: integer
// returns: one
// mode: write
MATCH (m:Measure)
WHERE m.key > $after AND m.key < $before
WITH m LIMIT $limit
DELETE m
RETURN count(*) AS gone;

// name: measures_of
// what: the results of some records
// param keys: list of string - analysis|record
// returns: many
// mode: read
UNWIND $keys AS key
MATCH (m:Measure {key: key})
RETURN properties(m) AS measure;

// name: measures_by_component
// what: a row a result between two places, in order of component and id; the same filter stands in each order
// param after: string
// param before: string
// param component: integer or null
// param community: integer or null
// param least_size: integer or null - people and events of the component
// param least_degree: integer or null
// param articulation: boolean
// param people: boolean
// param limit: integer
// returns: many
// mode: read
MATCH (m:Measure)
WHERE m.place_component > $after AND m.place_component < $before
  AND ($component IS NULL OR m.component = $component)
  AND ($community IS NULL OR m.community = $community)
  AND ($least_size IS NULL OR m.component_size >= $least_size)
  AND ($least_degree IS NULL OR m.degree >= $least_degree)
  AND (NOT $articulation OR m.cut_off > 0)
  AND (NOT $people OR m.kind = 'Person')
RETURN m.place_component AS place, properties(m) AS measure
ORDER BY place LIMIT $limit;

// name: measures_by_degree
// what: a row a result between two places, of people, the highest degree first
// param after: string
// param before: string
// param component: integer or null
// param community: integer or null
// param least_size: integer or null - people and events of the component
// param least_degree: integer or null
// param articulation: boolean
// param people: boolean
// param limit: integer
// returns: many
// mode: read
MATCH (m:Measure)
WHERE m.place_degree > $after AND m.place_degree < $before
  AND ($component IS NULL OR m.component = $component)
  AND ($community IS NULL OR m.community = $community)
  AND ($least_size IS NULL OR m.component_size >= $least_size)
  AND ($least_degree IS NULL OR m.degree >= $least_degree)
  AND (NOT $articulation OR m.cut_off > 0)
  AND (NOT $people OR m.kind = 'Person')
RETURN m.place_degree AS place, properties(m) AS measure
ORDER BY place LIMIT $limit;

// name: measures_by_page_rank
// what: a row a result between two places, of people, the highest PageRank first
// param after: string
// param before: string
// param component: integer or null
// param community: integer or null
// param least_size: integer or null - people and events of the component
// param least_degree: integer or null
// param articulation: boolean
// param people: boolean
// param limit: integer
// returns: many
// mode: read
MATCH (m:Measure)
WHERE m.place_page_rank > $after AND m.place_page_rank < $before
  AND ($component IS NULL OR m.component = $component)
  AND ($community IS NULL OR m.community = $community)
  AND ($least_size IS NULL OR m.component_size >= $least_size)
  AND ($least_degree IS NULL OR m.degree >= $least_degree)
  AND (NOT $articulation OR m.cut_off > 0)
  AND (NOT $people OR m.kind = 'Person')
RETURN m.place_page_rank AS place, properties(m) AS measure
ORDER BY place LIMIT $limit;

// name: measures_by_betweenness
// what: a row a result between two places, of people, the highest betweenness first
// param after: string
// param before: string
// param component: integer or null
// param community: integer or null
// param least_size: integer or null - people and events of the component
// param least_degree: integer or null
// param articulation: boolean
// param people: boolean
// param limit: integer
// returns: many
// mode: read
MATCH (m:Measure)
WHERE m.place_betweenness > $after AND m.place_betweenness < $before
  AND ($component IS NULL OR m.component = $component)
  AND ($community IS NULL OR m.community = $community)
  AND ($least_size IS NULL OR m.component_size >= $least_size)
  AND ($least_degree IS NULL OR m.degree >= $least_degree)
  AND (NOT $articulation OR m.cut_off > 0)
  AND (NOT $people OR m.kind = 'Person')
RETURN m.place_betweenness AS place, properties(m) AS measure
ORDER BY place LIMIT $limit;

// name: measures_by_cut_off
// what: a row a result between two places, of people, the highest people cut off first
// param after: string
// param before: string
// param component: integer or null
// param community: integer or null
// param least_size: integer or null - people and events of the component
// param least_degree: integer or null
// param articulation: boolean
// param people: boolean
// param limit: integer
// returns: many
// mode: read
MATCH (m:Measure)
WHERE m.place_cut_off > $after AND m.place_cut_off < $before
  AND ($component IS NULL OR m.component = $component)
  AND ($community IS NULL OR m.community = $community)
  AND ($least_size IS NULL OR m.component_size >= $least_size)
  AND ($least_degree IS NULL OR m.degree >= $least_degree)
  AND (NOT $articulation OR m.cut_off > 0)
  AND (NOT $people OR m.kind = 'Person')
RETURN m.place_cut_off AS place, properties(m) AS measure
ORDER BY place LIMIT $limit;

// name: measures_by_member
// what: a row a result between two places, of one component, in order of id
// param after: string
// param before: string
// param component: integer or null
// param community: integer or null
// param least_size: integer or null - people and events of the component
// param least_degree: integer or null
// param articulation: boolean
// param people: boolean
// param limit: integer
// returns: many
// mode: read
MATCH (m:Measure)
WHERE m.place_member > $after AND m.place_member < $before
  AND ($component IS NULL OR m.component = $component)
  AND ($community IS NULL OR m.community = $community)
  AND ($least_size IS NULL OR m.component_size >= $least_size)
  AND ($least_degree IS NULL OR m.degree >= $least_degree)
  AND (NOT $articulation OR m.cut_off > 0)
  AND (NOT $people OR m.kind = 'Person')
RETURN m.place_member AS place, properties(m) AS measure
ORDER BY place LIMIT $limit;
