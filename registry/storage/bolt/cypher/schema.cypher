// Constraints, indexes and tokens, run at migration in this order, each by itself; all may run again.
// Each room has its heading. Only uniqueness constraints and plain indexes: the rest is on one engine alone.
// Tokens: one statement a room that makes and deletes a node of each label, a relationship of each type and every
// property the queries read, so that no query names a token that Neo4j does not know yet.
// Statements end with a semicolon at the end of a line.

// ---- installation ----------------------------------------------------------------------------------------

CREATE CONSTRAINT installation_key IF NOT EXISTS FOR (i:Installation) REQUIRE i.key IS UNIQUE;
CREATE CONSTRAINT lease_name IF NOT EXISTS FOR (l:Lease) REQUIRE l.name IS UNIQUE;
CREATE (i:Installation {key: 'token', purpose: '', schema_version: 0, schema_digest: ''}),
       (l:Lease {name: 'token', touched: 0, holder: '', until: 0})
DELETE i, l;

// ---- classification --------------------------------------------------------------------------------------

CREATE CONSTRAINT registry_key IF NOT EXISTS FOR (r:Registry) REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT release_key IF NOT EXISTS FOR (x:Release) REQUIRE x.key IS UNIQUE;
CREATE CONSTRAINT release_text_key IF NOT EXISTS FOR (t:ReleaseText) REQUIRE t.key IS UNIQUE;
CREATE INDEX release_text_digest IF NOT EXISTS FOR (t:ReleaseText) ON (t.digest);
CREATE (r:Registry {key: 'token', revision: 0, touched: 0}),
       (x:Release {key: 'token', kind: '', digest: '', revision: 0, origin: '', size: 0}),
       (t:ReleaseText {key: 'token', digest: '', part: 0, text: ''})
DELETE r, x, t;

// ---- cases -----------------------------------------------------------------------------------------------

// ---- network ---------------------------------------------------------------------------------------------

// ---- intake ----------------------------------------------------------------------------------------------
