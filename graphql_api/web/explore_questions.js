// What the explorer asks: documents with every operation, and the one way it is posted.

const DOCUMENT = `
query Words($languages: [LanguageTag!]!) {
  installation { purpose records { kind count } }
  units: codelist(scheme: "units", languages: $languages) { entries { code level derived label { text language status } } }
  missing: codelist(scheme: "missing", languages: $languages) { entries { code label { text language status } } }
  variables { code step describes unit label(languages: $languages) { text language status } }
}
query Entities { reportingEntities(first: 100) { nodes { id name eventCount } pageInfo { hasNextPage } } }
query Newest($after: String) {
  events(first: 12, after: $after) {
    nodes { id forms { code } values(variables: ["dat"]) { edtf missing } participations { role isGroup } }
    pageInfo { hasNextPage endCursor }
  }
}
query Network($start: NetworkStart!, $depth: Int!, $budget: Int!, $hubLimit: Int!, $edgeKinds: [EdgeKind!]) {
  egoNetwork(start: $start, depth: $depth, budget: $budget, within: { hubLimit: $hubLimit, edgeKinds: $edgeKinds }) {
    nodes { id kind entity distance }
    edges { source target kind }
    truncated visited hidden
    skippedHubs { id kind degree counted }
    countsByType { kind count }
  }
}
query EventBrief($id: ID!) { event(id: $id) { id forms { code } values(variables: ["dat"]) { edtf } } }
query EventFacts($id: ID!, $languages: [LanguageTag!]!) {
  event(id: $id) {
    id entity sourceKey formText mixedVictims mixedDerivable
    forms { ...term }
    values { ...value }
    transits { ...term }
    participations { ...part }
    decisions { entity values { ...value } }
    relations { ...relation }
  }
}
query PersonFacts($id: ID!, $languages: [LanguageTag!]!) {
  person(id: $id) { id entity parts { ...part } relations { ...relation } }
}
query EntityFacts($id: ID!) { reportingEntity(id: $id) { id name type area eventCount } }
query ConceptFacts($scheme: SchemeId!, $id: Code!, $languages: [LanguageTag!]!) {
  concept(scheme: $scheme, code: $id) {
    scheme code uri derived
    label(languages: $languages) { text language status }
    notes(languages: $languages, kinds: [DEFINITION, SCOPE]) { text language }
    parent { code label(languages: $languages) { text language status } }
    children { code label(languages: $languages) { text language status } }
  }
}
fragment term on Term { code scheme version label(languages: $languages) { text language status } }
fragment value on Value {
  variable kind derived source missing edtf low high number text entity
  codes { ...term }
}
fragment part on Participation {
  event key role person isGroup
  forms { ...term }
  values { ...value }
  stages { status { ...term } edtf entity }
}
fragment relation on Relation { source target event relationship { ...term } }
`;
const MEASURING = `
query Files($start: NetworkStart!, $depth: Int!, $budget: Int!, $within: NetworkWithin!, $format: NetworkFormat!, $pseudonyms: Boolean!, $languages: [LanguageTag!]!) {
  egoNetwork(start: $start, depth: $depth, budget: $budget, within: $within) {
    export(format: $format, pseudonyms: $pseudonyms, languages: $languages) { name media text }
  }
}
query KeyPlayers($start: NetworkStart!, $depth: Int!, $budget: Int!, $within: NetworkWithin!) {
  keyPlayers(start: $start, depth: $depth, budget: $budget, within: $within, orderBy: BETWEENNESS, first: 8) {
    people components network { truncated skippedHubs { id } }
    players { id because }
  }
}
query Communities($start: NetworkStart!, $depth: Int!, $budget: Int!, $within: NetworkWithin!) {
  communities(start: $start, depth: $depth, budget: $budget, within: $within) {
    modularity network { truncated skippedHubs { id } }
    communities { number nodes because }
  }
}
`;
export const QUESTIONS = {
  EVENT: ["EventFacts", "event", {}],
  PERSON: ["PersonFacts", "person", {}],
  ENTITY: ["EntityFacts", "reportingEntity", {}],
  AREA: ["ConceptFacts", "concept", { scheme: "areas" }],
  CONCEPT: ["ConceptFacts", "concept", { scheme: "units" }],
};

const DOCUMENTS = [DOCUMENT, MEASURING]; // each within what the server lets one document hold

/** What went wrong, as the server tells it: code, message, hint. */
export class Trouble extends Error {
  constructor({ code, message, hint }) {
    super(message);
    Object.assign(this, { code, hint });
  }
}

/** The document that holds an operation. */
function documentOf(operationName) {
  return DOCUMENTS.find((one) => ["(", " "].some((after) => one.includes("query " + operationName + after)));
}

/** The data of one named query; raises `Trouble` for its first error. */
export async function ask(operationName, variables) {
  const body = JSON.stringify({ query: documentOf(operationName), operationName, variables });
  let told;
  try {
    const answer = await fetch("/graphql", { method: "POST", headers: { "content-type": "application/json" }, body, cache: "no-store" });
    told = await answer.json();
  } catch {
    throw new Trouble({ code: "server_unreachable", message: "The server gave no answer.", hint: "Try again; ask whether it is running." });
  }
  if (told.error) throw new Trouble(told.error);
  if (told.errors) throw new Trouble({ message: told.errors[0].message, ...told.errors[0].extensions });
  return told.data;
}
