// What the explorer asks: every operation, the one way it is posted, and what was sent last, so that it can be shown.

const OPERATIONS = `
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
query Network($start: NetworkStart!, $depth: Int!, $budget: Int!, $within: NetworkWithin!) {
  egoNetwork(start: $start, depth: $depth, budget: $budget, within: $within) { ...network }
}
query Identified($kind: IdentifierKind!, $text: String!) {
  identified(kind: $kind, text: $text) { sightings { person event entity } truncated }
}
query Paths($from: NetworkStart!, $to: NetworkStart!, $most: Int!, $maxHops: Int!, $timeRespecting: Boolean!, $budget: Int!, $within: NetworkWithin!) {
  paths(from: $from, to: $to, most: $most, maxHops: $maxHops, timeRespecting: $timeRespecting, budget: $budget, within: $within) {
    outcome limits
    paths {
      nodes confidence
      hops { near far confidence links { kind } evidence { event entity began ended recorded confidence grounds } }
    }
    network { ...network }
  }
}
query Library { patternLibrary { kind words parameters { name default lowest highest means } } }
query Patterns($kind: PatternKind!, $settings: [PatternSettingInput!], $where: SearchGround, $after: String) {
  patterns(kind: $kind, settings: $settings, where: $where, after: $after) {
    found
    matches { kind strength members { person part } events timing because }
    account { truncated visited hidden skippedHubs { id kind degree counted } skippedIdentifiers endCursor }
  }
}
query Match($ids: OnlyIds!, $budget: Int!) { components(ids: $ids, budget: $budget) { network { ...network } } }
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
fragment network on Network {
  nodes { id kind entity distance }
  edges { source target kind }
  truncated visited hidden
  skippedHubs { id kind degree counted }
  countsByType { kind count }
}
fragment files on Network { export(format: $format, pseudonyms: $pseudonyms, languages: $languages) { name media text } }
fragment brief on Event { id forms { code } values(variables: ["dat", "dab", "dae"]) { variable edtf } }
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
query Files($start: NetworkStart!, $depth: Int!, $budget: Int!, $within: NetworkWithin!, $format: NetworkFormat!, $pseudonyms: Boolean!, $languages: [LanguageTag!]!) {
  egoNetwork(start: $start, depth: $depth, budget: $budget, within: $within) { ...files }
}
query PathFiles($from: NetworkStart!, $to: NetworkStart!, $most: Int!, $maxHops: Int!, $timeRespecting: Boolean!, $budget: Int!, $within: NetworkWithin!, $format: NetworkFormat!, $pseudonyms: Boolean!, $languages: [LanguageTag!]!) {
  paths(from: $from, to: $to, most: $most, maxHops: $maxHops, timeRespecting: $timeRespecting, budget: $budget, within: $within) {
    network { ...files }
  }
}
query MatchFiles($ids: OnlyIds!, $budget: Int!, $format: NetworkFormat!, $pseudonyms: Boolean!, $languages: [LanguageTag!]!) {
  components(ids: $ids, budget: $budget) { network { ...files } }
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

const DEFINITIONS = new Map(OPERATIONS.trim().split(/\n(?=query |fragment )/).map((text) => [text.match(/^\w+ (\w+)/)[1], text]));

/** Each operation as it was sent last, by name: query and variables, without what is secret. */
export const sent = new Map();

/** What went wrong, as the server tells it: code, message, hint. */
export class Trouble extends Error {
  constructor({ code, message, hint }) {
    super(message);
    Object.assign(this, { code, hint });
  }
}

/** A text with the fragments that it spreads. */
function withFragments(text) {
  const needed = new Set([text]);
  for (const one of needed) for (const [, name] of one.matchAll(/\.\.\.(\w+)/g)) needed.add(DEFINITIONS.get(name));
  return [...needed].join("\n");
}

/** The data of one named query; raises `Trouble` for its first error. What is `secret` among the variables is not kept. */
export function ask(operationName, variables, secret = {}) {
  return post(operationName, DEFINITIONS.get(operationName), variables, secret);
}

/** When and what each of these events was: one request, each under a name of its own. */
export async function briefsOf(ids) {
  if (!ids.length) return [];
  const names = ids.map((_, place) => `e${place}`);
  const fields = names.map((name) => `  ${name}: event(id: $${name}) { ...brief }`);
  const query = `query Briefs(${names.map((name) => `$${name}: ID!`).join(", ")}) {\n${fields.join("\n")}\n}`;
  const told = await post("Briefs", query, Object.fromEntries(names.map((name, place) => [name, ids[place]])), {});
  return Object.values(told).filter(Boolean);
}

async function post(operationName, text, variables, secret) {
  const query = withFragments(text);
  sent.delete(operationName);
  sent.set(operationName, { query, operationName, variables: { ...variables, ...Object.fromEntries(Object.keys(secret).map((name) => [name, "(not kept)"])) } });
  const body = JSON.stringify({ query, operationName, variables: { ...variables, ...secret } });
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
