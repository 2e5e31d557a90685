// What was told of one node, as elements: every text by textContent, never as markup. Elsewhere: asking for it (explore.js).

/** The words of kinds, singular and plural. */
export const KINDS = {
  EVENT: ["event", "events"],
  PERSON: ["person", "people"],
  ENTITY: ["reporting entity", "reporting entities"],
  AREA: ["area", "areas"],
  CONCEPT: ["form of exploitation", "forms of exploitation"],
};
const LINKS = { VICTIM_IN: "victim in", PERPETRATOR_IN: "perpetrator in", RELATED_TO: "related to", "": "an event of the start" };
const ROLES = { VICTIM: "Victim", PERPETRATOR: "Perpetrator" };

/** An HTML element; attributes that start with "on" are listeners, false and null ones are left out. */
export function element(name, attributes = {}, ...parts) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false && value !== null) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...parts.flat().filter((part) => part !== null && part !== ""));
  return made;
}

/** A number with its noun. */
export function counted(number, [one, many]) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** An id short enough for a caption. */
export function shortId(id) {
  return id.length > 12 ? `${id.slice(0, 8)}…` : id;
}

/** What a kind of link is called. */
export function linkWords(kind) {
  return LINKS[kind];
}

/** Every kind of link. */
export const LINK_KINDS = Object.keys(LINKS);

/** How many links hang on a hub, as far as they were counted. */
export function linksOf(hub) {
  return `${hub.degree.toLocaleString("en")}${hub.counted ? "" : " or more"} links`;
}

/** The sentence on hubs that were passed over, with the first of them; null where there are none. */
export function hubsTold(strong, hubs, limit) {
  if (!hubs.length) return null;
  const first = hubs.slice(0, 3).map((hub) => `${KINDS[hub.kind][0]} ${shortId(hub.id)} (${linksOf(hub)})`);
  const many = limit === null ? "too many events" : `more than ${counted(limit, ["link", "links"])}`;
  return [strong, `because of ${many}: ${first.join("; ")}${hubs.length > 3 ? ` and ${hubs.length - 3} more` : ""}.`];
}

/** A node's id as a button that reads it. */
export function nodeButton(kind, id, act) {
  return element("button", { type: "button", class: "link", onclick: () => act.choose(kind, id), "aria-label": `Facts of ${KINDS[kind][0]} ${id}` }, element("code", {}, id));
}

/** The direction a language is written in. */
export function directionOf(language) {
  return language.split("-")[0] === "ar" ? "rtl" : "ltr";
}

/** A label in its own direction; says when it is in another language than asked for, or not the custodians' own. */
export function labelled(label, fallback, language) {
  if (!label) return element("bdi", {}, fallback);
  const other = label.language.split("-")[0] !== language;
  const unofficial = element("abbr", { title: "A translation of this project, not of the custodians" }, "°");
  const parts = [label.text, label.status === "UNOFFICIAL" ? unofficial : "", other ? element("span", { class: "small" }, ` (${label.language})`) : ""];
  return element("bdi", { lang: label.language, dir: directionOf(label.language) }, parts);
}

/** Facts of a node as elements. `words` are labels of variables and missing states, `act.choose` and `act.start` follow a node. */
export function factsOf(kind, record, words, act) {
  return { EVENT: eventFacts, PERSON: personFacts, ENTITY: entityFacts, AREA: conceptFacts, CONCEPT: conceptFacts }[kind](record, words, act);
}

function eventFacts(event, words, act) {
  return [
    element("h3", {}, "Forms of exploitation"),
    termList(event.forms, words, "None was recorded."),
    event.formText ? element("p", {}, "In the source's words: ", element("bdi", {}, event.formText)) : "",
    event.mixedVictims.length
      ? element("p", {}, `Mixed forms (unit 8, derived): ${counted(event.mixedVictims.length, ["victim", "victims"])}.`)
      : "",
    event.mixedDerivable ? "" : element("p", {}, "Whose form is whose is not known: several victims share forms told of the event only."),
    element("h3", {}, "When, where, how"),
    valueTable(event.values, "EVENT", words, act),
    event.transits.length ? [element("h3", {}, "Passed through"), termList(event.transits, words, "")] : "",
    element("h3", {}, "Who took part"),
    event.participations.length ? "" : element("p", { class: "missing" }, "Nobody was told of."),
    event.participations.map((part) => partOf(part, words, act, { name: whoOf(part), open: event.participations.length < 4 })),
    relationList(event.relations, words, act),
    element("h3", {}, "Who told of it"),
    element("p", {}, followed("ENTITY", event.entity, act), element("span", { class: "small" }, " under their id "), element("code", {}, event.sourceKey)),
    event.decisions.map((decision) =>
      element("details", {}, element("summary", {}, "Decided by ", element("code", {}, decision.entity)), valueTable(decision.values, null, words, act)),
    ),
  ].flat(2);
}

function personFacts(person, words, act) {
  const roles = [...new Set(person.parts.map((part) => ROLES[part.role].toLowerCase()))];
  return [
    element("p", {}, `Told of in ${counted(person.parts.length, KINDS.EVENT)}, as ${roles.join(" and ") || "nobody"}.`),
    element("p", {}, "Told of by ", followed("ENTITY", person.entity, act), "."),
    person.parts.map((part, position) =>
      partOf(part, words, act, { name: `${ROLES[part.role]} in an event`, open: position < 3, event: part.event }),
    ),
    relationList(person.relations, words, act),
  ].flat(2);
}

function entityFacts(entity, words) {
  return [
    element("p", {}, element("bdi", {}, entity.name)),
    element("p", {}, `${counted(entity.eventCount, KINDS.EVENT)} that you may see.`),
    element("p", {}, "Type ", element("code", {}, entity.type ?? "not told"), ", area ", element("code", {}, entity.area ?? "not told"), "."),
  ];
}

function conceptFacts(concept, words, act) {
  const kind = concept.scheme === "units" ? "CONCEPT" : "AREA";
  const below = concept.children.map((child) => element("li", {}, labelled(child.label, "", words.language), " ", followed(kind, child.code, act)));
  return [
    element("p", {}, labelled(concept.label, concept.code, words.language)),
    element("p", { class: "small" }, element("bdi", {}, concept.uri)),
    concept.derived ? element("p", {}, "Derived from other forms, not recorded by agencies.") : "",
    concept.parent ? element("p", {}, "Inside ", labelled(concept.parent.label, "", words.language), " ", followed(kind, concept.parent.code, act)) : "",
    below.length ? [element("h3", {}, "Narrower"), element("ul", {}, below)] : "",
    concept.notes.map((note) => element("p", { lang: note.language, dir: "auto" }, note.text)),
  ].flat();
}

/** Who a part is of: a person, or a group of unnamed people. */
function whoOf(part) {
  return part.isGroup ? `${ROLES[part.role]}s: a group of unnamed people` : ROLES[part.role];
}

function partOf(part, words, act, { name, open, event }) {
  const [kind, id] = event ? ["EVENT", event] : ["PERSON", part.person];
  return element(
    "details",
    { open },
    element("summary", {}, name),
    id ? element("p", {}, followed(kind, id, act)) : "",
    part.role === "VICTIM" ? termList(part.forms, words, "No form was recorded for this victim alone.") : "",
    valueTable(part.values, part.role, words, act),
    part.stages.length ? element("ul", {}, part.stages.map((stage) => element("li", {}, termOf(stage.status, words), stage.edtf ? ` ${stage.edtf}` : ""))) : "",
  );
}

/** A node's id: the one button reads it, the other makes it the start. */
export function followed(kind, id, act) {
  return element(
    "span",
    {},
    nodeButton(kind, id, act),
    " ",
    element("button", { type: "button", class: "link small", onclick: () => act.start(kind, id), "aria-label": `Start from ${KINDS[kind][0]} ${id}` }, "start here"),
  );
}

function termOf(term, words) {
  return element("span", {}, labelled(term.label, term.code, words.language), " ", element("code", {}, term.code));
}

function termList(terms, words, without) {
  if (!terms.length) return without ? element("p", { class: "missing" }, without) : "";
  return element("ul", {}, terms.map((term) => element("li", {}, termOf(term, words))));
}

function relationList(relations, words, act) {
  if (!relations.length) return [];
  const told = relations.map((one) =>
    element("li", {}, followed("PERSON", one.target, act), " is to ", followed("PERSON", one.source, act), ": ", termOf(one.relationship, words)),
  );
  return [element("h3", {}, "Relations told"), element("ul", {}, told)];
}

/** Values in the order of the variables, then which core variables nothing was told of. */
function valueTable(values, describes, words, act) {
  const order = [...words.variables.keys()];
  const sorted = [...values].sort((one, other) => order.indexOf(one.variable) - order.indexOf(other.variable));
  const rows = sorted.map((value) =>
    element("tr", {}, element("th", { scope: "row", dir: variableDirection(value.variable, words) }, variableName(value.variable, words)), element("td", {}, valueOf(value, words, act))),
  );
  const told = new Set(values.map((value) => value.variable));
  const untold = [...words.variables.values()].filter((one) => one.step === 1 && one.describes === describes && !told.has(one.code));
  return element(
    "div",
    {},
    rows.length ? element("table", {}, element("tbody", {}, rows)) : "",
    untold.length ? element("p", { class: "missing" }, "Nothing told of: ", untold.flatMap((one, place) => [place ? "; " : "", variableName(one.code, words)]), ".") : "",
  );
}

function variableName(code, words) {
  return labelled(words.variables.get(code)?.label, code, words.language);
}

function variableDirection(code, words) {
  return directionOf(words.variables.get(code)?.label?.language ?? "en");
}

/** One value in words; a missing state is told as what it is. */
function valueOf(value, words, act) {
  return [
    value.missing ? element("span", { class: "missing" }, "Missing: ", labelled(words.missing.get(value.missing), value.missing, words.language)) : "",
    value.codes.map((term) => element("div", {}, termOf(term, words))),
    [value.edtf, rangeOf(value, words), value.text].filter((part) => part !== null).map((part) => element("bdi", {}, part)),
    value.entity ? followed("ENTITY", value.entity, act) : "",
    value.derived ? element("div", { class: "small" }, "derived, not delivered") : "",
    value.source.length ? element("div", { class: "small" }, "as delivered: ", element("bdi", {}, value.source.join("; "))) : "",
  ].flat();
}

/** A number or a range with its unit, or null. */
function rangeOf({ variable, low, high, number }, words) {
  const unit = words.variables.get(variable)?.unit;
  const told = unit ? ` ${unit}` : "";
  if (number !== null) return `${number}${told}`;
  if (low === null && high === null) return null;
  if (low === high) return `${low}${told}`;
  if (high === null) return `${low}${told} or more`;
  return low === null ? `${high}${told} or less` : `${low} to ${high}${told}`;
}
