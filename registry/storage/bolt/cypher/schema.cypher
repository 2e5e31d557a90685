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

// ---- access ----------------------------------------------------------------------------------------------

CREATE CONSTRAINT api_key_id IF NOT EXISTS FOR (k:ApiKey) REQUIRE k.id IS UNIQUE;
CREATE CONSTRAINT grant_id IF NOT EXISTS FOR (g:Grant) REQUIRE g.id IS UNIQUE;
CREATE CONSTRAINT access_revision_key IF NOT EXISTS FOR (r:AccessRevision) REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT audit_row_id IF NOT EXISTS FOR (a:AuditRow) REQUIRE a.id IS UNIQUE;
CREATE CONSTRAINT audit_block_number IF NOT EXISTS FOR (b:AuditBlock) REQUIRE b.number IS UNIQUE;
CREATE CONSTRAINT audit_head_key IF NOT EXISTS FOR (h:AuditHead) REQUIRE h.key IS UNIQUE;
CREATE INDEX grant_given_at IF NOT EXISTS FOR (g:Grant) ON (g.given_at);
CREATE INDEX grant_account IF NOT EXISTS FOR (g:Grant) ON (g.account);
CREATE INDEX audit_row_at IF NOT EXISTS FOR (a:AuditRow) ON (a.at);
CREATE INDEX audit_row_actor IF NOT EXISTS FOR (a:AuditRow) ON (a.actor);
CREATE INDEX audit_row_subject IF NOT EXISTS FOR (a:AuditRow) ON (a.subject);
CREATE INDEX audit_row_waiting IF NOT EXISTS FOR (a:AuditRow) ON (a.waiting);
CREATE (k:ApiKey {id: 'token', digest: '', account: '', created_by: '', created_at: 0, expires: 0, last_used: 0,
                  revoked_at: 0}),
       (g:Grant {id: 'token', kind: '', account: '', event: '', given_by: '', given_at: 0, expires: 0, reason: '',
                 approved_by: '', approved_at: 0, revoked_at: 0, touched: 0}),
       (r:AccessRevision {key: 'token', number: 0}),
       (a:AuditRow {id: 'token', at: 0, actor: '', act: '', subject: '', records: [''], opened: [''], text: '',
                    waiting: true}),
       (b:AuditBlock {number: 0, rows: [''], digests: [''], mac: ''}),
       (h:AuditHead {key: 'token', number: 0, mac: '', touched: 0}),
       (e:Event {id: 'token', holder: '', country: '', marks: 0, informant: false, touched: 0}), (n:ReportingEntity {id: 'token'})
DELETE k, g, r, a, b, h, e, n;

// ---- exchange: referrals and contact requests -------------------------------------------------------------

CREATE CONSTRAINT referral_id IF NOT EXISTS FOR (r:Referral) REQUIRE r.id IS UNIQUE;
CREATE CONSTRAINT contact_request_id IF NOT EXISTS FOR (q:ContactRequest) REQUIRE q.id IS UNIQUE;
CREATE CONSTRAINT contact_answer_key IF NOT EXISTS FOR (a:ContactAnswer) REQUIRE a.key IS UNIQUE;
CREATE CONSTRAINT contact_budget_agency IF NOT EXISTS FOR (b:ContactBudget) REQUIRE b.agency IS UNIQUE;
CREATE INDEX referral_giver IF NOT EXISTS FOR (r:Referral) ON (r.giver);
CREATE INDEX referral_to IF NOT EXISTS FOR (r:Referral) ON (r.to);
CREATE INDEX referral_event IF NOT EXISTS FOR (r:Referral) ON (r.event);
CREATE INDEX contact_request_agency IF NOT EXISTS FOR (q:ContactRequest) ON (q.agency);
CREATE INDEX contact_request_expires IF NOT EXISTS FOR (q:ContactRequest) ON (q.expires);
CREATE INDEX contact_answer_request IF NOT EXISTS FOR (a:ContactAnswer) ON (a.request);
CREATE (r:Referral {id: 'token', event: '', giver: '', to: '', reason: '', given_by: '', given_at: 0, expires: 0,
                    end: '', ended_by: '', ended_at: 0, touched: 0}),
       (q:ContactRequest {id: 'token', agency: '', person: '', reason: '', asked_by: '', asked_at: 0, expires: 0,
                          tokens: [''], withdrawn_at: 0, touched: 0}),
       (a:ContactAnswer {key: 'token', request: '', agency: '', event: '', act: '', contact_point: '', referral: '',
                         answered_by: '', answered_at: 0}),
       (b:ContactBudget {agency: 'token', touched: 0})
DELETE r, q, a, b;

// ---- classification --------------------------------------------------------------------------------------

CREATE CONSTRAINT registry_key IF NOT EXISTS FOR (r:Registry) REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT release_key IF NOT EXISTS FOR (x:Release) REQUIRE x.key IS UNIQUE;
CREATE CONSTRAINT release_text_key IF NOT EXISTS FOR (t:ReleaseText) REQUIRE t.key IS UNIQUE;
CREATE INDEX release_text_digest IF NOT EXISTS FOR (t:ReleaseText) ON (t.digest);
CREATE (r:Registry {key: 'token', revision: 0, touched: 0}),
       (x:Release {key: 'token', kind: '', digest: '', revision: 0, origin: '', size: 0}),
       (t:ReleaseText {key: 'token', digest: '', part: 0, text: ''})
DELETE r, x, t;
CREATE CONSTRAINT registry_change_revision IF NOT EXISTS FOR (c:RegistryChange) REQUIRE c.revision IS UNIQUE;
CREATE (c:RegistryChange {revision: -1, at: 0})
DELETE c;

// ---- drafts ----------------------------------------------------------------------------------------------

CREATE CONSTRAINT draft_id IF NOT EXISTS FOR (d:Draft) REQUIRE d.id IS UNIQUE;
CREATE CONSTRAINT draft_edit_key IF NOT EXISTS FOR (e:DraftEdit) REQUIRE e.key IS UNIQUE;
CREATE CONSTRAINT draft_approval_key IF NOT EXISTS FOR (a:DraftApproval) REQUIRE a.key IS UNIQUE;
CREATE CONSTRAINT draft_comment_key IF NOT EXISTS FOR (c:DraftComment) REQUIRE c.key IS UNIQUE;
CREATE CONSTRAINT release_note_key IF NOT EXISTS FOR (n:ReleaseNote) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT retirement_key IF NOT EXISTS FOR (x:Retirement) REQUIRE x.key IS UNIQUE;
CREATE CONSTRAINT outbox_key IF NOT EXISTS FOR (o:Outbox) REQUIRE o.key IS UNIQUE;
CREATE INDEX draft_edit_draft IF NOT EXISTS FOR (e:DraftEdit) ON (e.draft);
CREATE INDEX draft_approval_draft IF NOT EXISTS FOR (a:DraftApproval) ON (a.draft);
CREATE INDEX draft_comment_draft IF NOT EXISTS FOR (c:DraftComment) ON (c.draft);
CREATE INDEX outbox_position IF NOT EXISTS FOR (o:Outbox) ON (o.position);
CREATE (d:Draft {id: 'token', scheme: '', base: '', base_digest: '', first_tag: '', tag: '', stage: '', state: '',
                 opened_by: '', opened_at: 0, last_editor: '', edits: 0, touched: 0}),
       (e:DraftEdit {key: 'token', draft: '', number: 0, payload: '', reason: '', actor: '', at: 0, state_before: '',
                     undone_by: '', undone_at: 0}),
       (a:DraftApproval {key: 'token', draft: '', state: '', actor: '', at: 0}),
       (c:DraftComment {key: 'token', id: '', draft: '', code: '', organisation: '', text: '', language: '', actor: '',
                        at: 0, state: '', country: '', disposition: '', disposition_reason: '', disposed_by: '', disposed_at: 0}),
       (n:ReleaseNote {key: 'token', scheme: '', version: '', digest: '', revision: 0, draft: '', released_by: '',
                       released_at: 0, reason: '', bodies: [''], days: [''], symbols: ['']}),
       (o:Outbox {key: 'token', kind: '', position: 0, subject: '', at: 0}),
       (x:Retirement {key: 'token', scheme: '', version: '', became: '', successors: [''], reason: '', actor: '', at: 0,
                      revision: 0, bodies: [''], days: [''], symbols: ['']})
DELETE d, e, a, c, n, o, x;

// ---- cases -----------------------------------------------------------------------------------------------
// Relationships that a record owns are created in the transaction that created or locked its event, never merged:
// no second writer can double them. Those that several records share are merged, and keyed for it.

CREATE CONSTRAINT event_id IF NOT EXISTS FOR (e:Event) REQUIRE e.id IS UNIQUE;
CREATE CONSTRAINT person_id IF NOT EXISTS FOR (p:Person) REQUIRE p.id IS UNIQUE;
CREATE CONSTRAINT group_id IF NOT EXISTS FOR (g:Group) REQUIRE g.id IS UNIQUE;
CREATE CONSTRAINT entity_id IF NOT EXISTS FOR (n:ReportingEntity) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT area_id IF NOT EXISTS FOR (a:Area) REQUIRE a.id IS UNIQUE;
CREATE CONSTRAINT concept_id IF NOT EXISTS FOR (c:Concept) REQUIRE c.id IS UNIQUE;
CREATE CONSTRAINT batch_id IF NOT EXISTS FOR (b:Batch) REQUIRE b.id IS UNIQUE;
CREATE CONSTRAINT coding_id IF NOT EXISTS FOR (c:Coding) REQUIRE c.id IS UNIQUE;
CREATE CONSTRAINT identifier_id IF NOT EXISTS FOR (i:Identifier) REQUIRE i.id IS UNIQUE;
CREATE CONSTRAINT broader_key IF NOT EXISTS FOR ()-[r:BROADER]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT citizen_of_key IF NOT EXISTS FOR ()-[r:CITIZEN_OF]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT resided_in_key IF NOT EXISTS FOR ()-[r:RESIDED_IN]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT same_as_key IF NOT EXISTS FOR ()-[r:SAME_AS]-() REQUIRE r.key IS UNIQUE;
CREATE INDEX event_place IF NOT EXISTS FOR (e:Event) ON (e.place);
CREATE INDEX event_entity IF NOT EXISTS FOR (e:Event) ON (e.entity);
CREATE (i:Installation {key: 'case tokens', identity_key: '', identity_touched: 0}),
       (b:Batch {id: 'token', entity: '', mapping: '', digest: '', source_type: '', newest: ''}),
       (c:Coding {id: 'token', lists: ['']}),
       (n:ReportingEntity {id: 'token', name: '', type: '', area: ''}),
       (a:Area {id: 'token', kind: ''}), (t:Concept {id: 'token', scheme: '', version: '', code: ''}),
       (e:Event {id: 'token', entity: '', batch: '', coding: '', record_key: '', digest: '', place: '', touched: 0,
                 since: 0, until: 0, earliest_dat: 0, latest_dat: 0, forms: [''], form_text: '', transits: [''], tokens: [''],
                 codes_coe: [''], codes_geo: ['']}),
       (p:Person {id: 'token', entity: '', touched: 0}), (k:Identifier {id: 'token', kind: ''}), (g:Group {id: 'token', key: '', role: '', forms: ['']}),
       (p)-[:VICTIM_IN {key: 'token', forms: [''], codes_civ: [''], codes_lcv: ['']}]->(e),
       (p)-[:PERPETRATOR_IN {key: 'token', stages: [''], codes_cip: ['']}]->(e),
       (g)-[:GROUP_IN]->(e), (e)-[:IN_BATCH]->(b), (e)-[:CODED_BY]->(c), (e)-[:REPORTED_BY]->(n),
       (e)-[:DECIDED_BY {key: 0}]->(n), (e)-[:RECORDED_IN]->(a), (e)-[:EXPLOITED_IN]->(a),
       (e)-[:TRANSITED {order: 0}]->(a), (e)-[:HAS_FORM {derived: true}]->(t), (t)-[:BROADER {key: 'token'}]->(t),
       (p)-[:CITIZEN_OF {key: 'token'}]->(a), (p)-[:RESIDED_IN {key: 'token'}]->(a),
       (p)-[:RELATED_TO {event: '', relationship: ''}]->(p),
       (e)-[:HAS_IDENTIFIER {person: '', told_at: 0}]->(k),
       (p)-[:SAME_AS {key: 'token', judgement: '', grounds: '', by: '', at: 0}]->(p)
DETACH DELETE i, b, c, n, a, t, e, p, g, k;

// ---- use of codes ----------------------------------------------------------------------------------------
// A store without any record has a complete table; one from before the table, or with a table of cells that were
// changed in place, is counted by `ictip recount`.

CREATE INDEX code_use_place IF NOT EXISTS FOR (u:CodeUse) ON (u.place);
CREATE (i:Installation {key: 'use tokens', use_generation: 0, use_complete: false, use_added_up: 0, use_step: 0}),
       (e:Event {id: 'token', counted: 0}),
       (u:CodeUse {place: '', generation: 0, since: 0, until: 0, entity: '', holder: '', country: '', marks: 0})
DELETE i, e, u;
MATCH (i:Installation {key: 'installation'})
WHERE i.use_complete IS NULL AND NOT EXISTS { MATCH (e:Event) }
SET i.use_complete = true, i.use_generation = 1;
MATCH (i:Installation {key: 'installation'})
WHERE EXISTS { MATCH (u:CodeUse) WHERE u.since IS NULL }
SET i.use_complete = false, i.use_generation = i.use_generation + 1;

// ---- recoding --------------------------------------------------------------------------------------------
// What a record was is created in the transaction that locked its event, never merged.

CREATE CONSTRAINT recode_batch_id IF NOT EXISTS FOR (b:RecodeBatch) REQUIRE b.id IS UNIQUE;
CREATE (b:RecodeBatch {id: 'token', actor: '', at: 0, scheme: '', source: '', target: '', rules: '', decisions: '',
                       state: '', undone_by: '', undone_at: 0}),
       (e:Event {id: 'token', recodings: 0, informant: false}),
       (e)-[:RECODED_IN {number: 0, coding: [''], kept: ''}]->(b)
DETACH DELETE b, e;

// ---- network ---------------------------------------------------------------------------------------------

CREATE (e:Event {id: 'network token', codes_fls: [''], codes_ssc: [''], codes_moc: [''], missing_fls: '', missing_ssc: '',
                 missing_moc: '', missing_coe: '', derived_coe: false, missing_geo: '', missing_dat: '', codes_rpp: [''], missing_rpp: '',
                 codes_svx: [''], missing_svx: '', codes_stv: [''], missing_stv: '', missing_civ: '', missing_lcv: ''})
DELETE e;
CREATE CONSTRAINT analysis_id IF NOT EXISTS FOR (a:Analysis) REQUIRE a.id IS UNIQUE;
CREATE CONSTRAINT measure_key IF NOT EXISTS FOR (m:Measure) REQUIRE m.key IS UNIQUE;
CREATE CONSTRAINT data_revision_key IF NOT EXISTS FOR (d:DataRevision) REQUIRE d.key IS UNIQUE;
CREATE INDEX measure_place_component IF NOT EXISTS FOR (m:Measure) ON (m.place_component);
CREATE INDEX measure_place_member IF NOT EXISTS FOR (m:Measure) ON (m.place_member);
CREATE INDEX measure_place_degree IF NOT EXISTS FOR (m:Measure) ON (m.place_degree);
CREATE INDEX measure_place_page_rank IF NOT EXISTS FOR (m:Measure) ON (m.place_page_rank);
CREATE INDEX measure_place_betweenness IF NOT EXISTS FOR (m:Measure) ON (m.place_betweenness);
CREATE INDEX measure_place_cut_off IF NOT EXISTS FOR (m:Measure) ON (m.place_cut_off);
CREATE (a:Analysis {id: 'token', state: '', at: 0, by: '', software: '', revision: 0, wish: '', people: 0, events: 0,
                    links: 0, components: 0, communities: 0, modularity: 0.0, exact: true, holders: [''],
                    countries: [''], marks: [0], touched: 0}),
       (m:Measure {key: 'token', analysis: '', record: '', kind: '', component: 0, component_size: 0, community: 0,
                   degree: 0, page_rank: 0.0, betweenness: 0.0, cut_off: 0, place_component: '',
                   place_member: '', place_degree: '', place_page_rank: '', place_betweenness: '', place_cut_off: ''}),
       (d:DataRevision {key: 'token', number: 0})
DELETE a, m, d;
CREATE CONSTRAINT saved_query_id IF NOT EXISTS FOR (q:SavedQuery) REQUIRE q.id IS UNIQUE;
CREATE CONSTRAINT saver_owner IF NOT EXISTS FOR (s:Saver) REQUIRE s.owner IS UNIQUE;
CREATE INDEX saved_query_owner IF NOT EXISTS FOR (q:SavedQuery) ON (q.owner);
CREATE (q:SavedQuery {id: 'token', name: '', owner: '', agency: '', question: '', with_agency: true, accounts: [''],
                      created_at: 0, changed_at: 0}),
       (s:Saver {owner: 'token', touched: 0}), (p:Person {id: 'told token'}), (e:Event {id: 'told token'}),
       (p)-[:VICTIM_IN {key: 'told token', told: ''}]->(e), (p)-[:PERPETRATOR_IN {key: 'told token', told: ''}]->(e)
DETACH DELETE q, s, p, e;
CREATE (e:Event {id: 'network tokens', edtf_dab: '', edtf_dae: '', edtf_dat: '', codes_sta: [''], codes_dem: ['']}),
       (n:ReportingEntity {id: 'network tokens'}), (e)-[:DECIDED_BY {codes_sta: [''], codes_dem: ['']}]->(n)
DETACH DELETE e, n;

// ---- intake ----------------------------------------------------------------------------------------------
