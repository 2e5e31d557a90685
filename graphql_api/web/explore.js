// The case network for people who write no queries. It asks POST /graphql and nothing else, and keeps nothing: the start
// and the limits stand in the address behind "#", which browsers do not send.
import { arranged } from "./explore_spread.js";
import { draw, emphasise, groupsOf, makeView, neighboursOf, outline, shape, standOut, stepFrom } from "./explore_picture.js";
import { MOST_MEASURED, colourCommunities, communitiesTold, keepFiles, playersTold } from "./explore_measures.js";
import { matchesListed, matchesSaid, partName, patternName, settingFields, settingsIn } from "./explore_patterns.js";
import { ENDS, pathsListed, pathsSaid } from "./explore_paths.js";
import { QUESTIONS, Trouble, ask, briefsOf } from "./explore_questions.js";
import { sentTold } from "./explore_sent.js";
import { KINDS, LINK_KINDS, counted, directionOf, element, factsOf, followed, hubsTold, labelled, linkWords, linksOf, nodeButton, shortId } from "./explore_facts.js";

const PURPOSES = {
  SAMPLE: "This is a sample world. Its events and persons are made up by a generator; only the classification is real.",
  TEST: "This is a test installation. It may be emptied at any time.",
};
const WITH_CAPTIONS = 40; // nodes; more captions than that hide each other
const HOPS = ["hop", "hops"];

/** When an event was recorded; where that is not told, from when or until when it lasted. */
function dayOf(values) {
  const { dat, dab, dae } = Object.fromEntries(values.map(({ variable, edtf }) => [variable, edtf?.slice(0, 10)]));
  if (dat) return dat;
  return dab ? `from ${dab}` : dae ? `until ${dae}` : "undated";
}

const byId = (id) => document.getElementById(id);

/** What the address asks for; numbers go to the server as they are, which says when one is out of range. */
function readAddress() {
  const told = new URLSearchParams(location.hash.slice(1));
  const number = (name, usual) => Number(told.get(name) ?? usual);
  const settings = (told.get("settings") ?? "").split(",").filter(Boolean).map((one) => one.split(":"));
  return {
    kind: told.get("kind"), id: told.get("id"), language: told.get("lang") ?? "en", relations: told.get("relations") === "yes",
    depth: number("depth", 2), budget: number("budget", 500), hubs: number("hubs", 100),
    toKind: told.get("tokind"), to: told.get("to"), hops: number("hops", 8), most: number("most", 3), ordered: told.get("ordered") === "yes",
    pattern: told.get("pattern"), ground: told.get("ground") ?? "start", settings: Object.fromEntries(settings.map(([name, value]) => [name, Number(value)])),
  };
}

/** The address of a question: identifiers, codes and limits only. */
function addressOf({ kind, id, depth, budget, hubs, relations, language, toKind, to, hops, most, ordered, pattern, ground, settings }) {
  const told = new URLSearchParams({ ...(kind ? { kind, id } : {}), depth, budget, hubs });
  const add = (values) => Object.entries(values).forEach(([name, value]) => told.set(name, value));
  if (relations) add({ relations: "yes" });
  if (language !== "en") add({ lang: language });
  if (to) add({ tokind: toKind, to, hops, most, ...(ordered ? { ordered: "yes" } : {}) });
  if (pattern) add({ pattern, ground, settings: Object.entries(settings).map((one) => one.join(":")) });
  return `#${told}`;
}

/** The sentences on what is shown and what was left out. */
function tellNetwork(network, asked, forms) {
  const shown = new Map();
  for (const { kind } of network.nodes) shown.set(kind, (shown.get(kind) ?? 0) + 1);
  const list = (counts) => counts.map(([kind, count]) => counted(count, KINDS[kind])).join(", ");
  const missing = network.countsByType.map(({ kind, count }) => [kind, count - (shown.get(kind) ?? 0)]).filter(([, count]) => count > 0);
  const reached = Math.max(...network.nodes.map((node) => node.distance));
  const unread = network.nodes.length - network.visited - network.skippedHubs.length;
  const groups = groupsOf(network, neighboursOf(network));
  return [
    ["", `Within ${counted(asked.depth, HOPS)}: ${list([...shown])}, ${counted(network.edges.length, ["link", "links"])}.`],
    network.truncated
      ? ["Not all is here.", `The limit of ${counted(asked.budget, ["node", "nodes"])} was reached at hop ${reached}, and nothing beyond was looked at. Found there but not shown: ${list(missing)}. To see more, raise “Most nodes” or start from one event or person.`]
      : ["", "Nothing that was found is left out."],
    hubsTold("Kept but not followed,", network.skippedHubs, asked.hubs),
    unread > 0 ? ["", `What else hangs on the ${unread === 1 ? "outermost node" : counted(unread, ["", "outermost nodes"])} was not read.`] : null,
    network.hidden ? ["", `${counted(network.hidden, ["node is", "nodes are"])} left out, as the question asked.`] : null,
    groups.length > 1 && !network.truncated ? ["", `Without the start they fall into ${groups.length.toLocaleString("en")} groups; the largest has ${counted(groups[0].length, ["node", "nodes"])}.`] : null,
    asked.kind === "CONCEPT" && [...forms.keys()].some((code) => code.startsWith(`${asked.id}.`)) ? ["", "Events of its narrower forms are counted in."] : null,
  ];
}

/** The page: what it asked, what it was told, what is chosen. */
class Explorer {
  constructor() {
    this.asked = readAddress();
    this.words = null;
    this.network = null;
    this.briefs = new Map(); // date and forms of events, where there is room to write them
    this.marks = new Map(); // what nodes are to the answer: an end of a path, a part of a match
    this.files = null; // how the network in the picture is asked for as files
    this.library = null; // patterns, once somebody wants them
    this.drawn = null;
    this.turn = 0; // grows with each question, so that a late answer to an earlier one is dropped
    this.factsTurn = 0;
    this.view = makeView(byId("picture"));
    this.act = { choose: (kind, id) => this.choose(kind, id), start: (kind, id) => this.start(kind, id) };
  }

  get languages() {
    return [...new Set([this.asked.language, "en"])];
  }

  async open() {
    this.listen();
    drawLegend();
    this.view.whole();
    this.fillLimits();
    await this.attempt(async () => {
      await this.readWords();
      await Promise.all([this.readEntities(), this.readNewest(), this.grow()]);
    });
  }

  /** Do it, and tell of trouble where there is any; what was told of an earlier one is gone. */
  async attempt(work) {
    const place = byId("problem");
    place.hidden = true;
    try {
      await work();
    } catch (trouble) {
      if (!(trouble instanceof Trouble)) throw trouble;
      const code = element("code", {}, trouble.code ?? "error");
      place.replaceChildren(element("p", {}, code, " ", trouble.message), element("p", { class: "soft" }, trouble.hint ?? ""));
      place.hidden = false;
      place.scrollIntoView({ block: "nearest" });
    } finally {
      this.tellSent();
    }
  }

  /** Show what was sent, where somebody wants to see it. */
  tellSent() {
    if (byId("sent").open) byId("sent-list").replaceChildren(...sentTold());
  }

  listen() {
    const on = (id, name, act) => byId(id).addEventListener(name, act);
    const submit = (id, act) => on(id, "submit", (event) => { event.preventDefault(); act(); });
    submit("by-identifier", () => this.attempt(() => this.identify()));
    submit("by-paths", () => this.goPaths());
    submit("by-pattern", () => this.goPattern());
    on("ask-patterns", "toggle", () => byId("ask-patterns").open && this.attempt(() => this.readLibrary()));
    on("pattern", "change", () => this.fillPattern({}));
    on("sent", "toggle", () => this.tellSent());
    window.addEventListener("pagehide", () => { byId("identifier").value = ""; });
    submit("by-form", () => this.start("CONCEPT", byId("forms").value));
    submit("by-entity", () => this.start("ENTITY", byId("entities").value));
    submit("by-id", () => this.start(byId("kind").value, byId("id").value.trim()));
    submit("limits", () => this.go(this.readLimits()));
    on("depth", "input", () => { byId("depth-told").value = byId("depth").value; });
    on("depth", "change", () => this.go(this.readLimits()));
    on("language", "change", () => this.go({ language: byId("language").value }));
    on("more", "click", () => this.attempt(() => this.readNewest()));
    on("as-picture", "click", () => this.show("picture"));
    on("as-tables", "click", () => this.show("tables"));
    on("key-players", "click", () => this.attempt(() => this.tellPlayers()));
    on("communities", "click", () => this.attempt(() => this.tellCommunities()));
    submit("save-as", () => this.attempt(() => this.saveAs()));
    on("closer", "click", () => this.view.zoom(1 / 1.4));
    on("farther", "click", () => this.view.zoom(1.4));
    on("whole", "click", () => this.view.whole());
    document.querySelector("[data-skip]").addEventListener("click", (event) => { event.preventDefault(); byId("told").focus(); });
    window.addEventListener("hashchange", () => this.followAddress());
    this.listenToPicture(byId("picture"));
  }

  listenToPicture(svg) {
    const nodeAt = (event) => {
      const group = event.target.closest(".node");
      return group && this.network.nodes.find((node) => this.drawn.elements.get(node.id) === group);
    };
    svg.addEventListener("click", (event) => {
      const node = nodeAt(event);
      if (node) this.choose(node.kind, node.id);
    });
    svg.addEventListener("dblclick", (event) => {
      const node = nodeAt(event);
      if (node) this.start(node.kind, node.id);
    });
    svg.addEventListener("keydown", (event) => {
      const node = nodeAt(event);
      if (!node) return;
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        if (event.shiftKey) this.start(node.kind, node.id);
        else this.choose(node.kind, node.id);
        return;
      }
      const next = stepFrom(this.drawn, node.id, event.key);
      if (next === null) return;
      event.preventDefault();
      this.restAt(next);
      this.drawn.elements.get(next).focus();
    });
  }

  /** Make one node the picture's only tab stop. */
  restAt(id) {
    this.drawn.elements.forEach((element_, other) => element_.setAttribute("tabindex", other === id ? 0 : -1));
  }

  readLimits() {
    return { depth: Number(byId("depth").value), budget: Number(byId("budget").value), hubs: Number(byId("hubs").value), relations: byId("relations").checked };
  }

  fillLimits() {
    const { depth, budget, hubs, relations, language, kind, id, toKind, to, hops, most, ordered, pattern, ground } = this.asked;
    Object.assign(byId("depth"), { value: depth });
    byId("depth-told").value = depth;
    byId("budget").value = budget;
    byId("hubs").value = hubs;
    byId("relations").checked = relations;
    byId("language").value = language;
    if (kind) byId("kind").value = kind;
    this.fillStarts();
    byId("id").value = kind === "EVENT" || kind === "PERSON" || kind === "AREA" ? id : "";
    if (ENDS.includes(kind)) this.fillEnd("from", kind, id);
    if (to) this.fillEnd("to", toKind, to);
    byId("hops").value = hops;
    byId("most").value = most;
    byId("ordered").checked = ordered;
    byId("ground").value = kind ? ground : "list";
    byId("ground").options[0].disabled = !kind;
    byId("newest-events").open = !kind && !pattern;
    if (to) byId("ask-paths").open = true;
    if (pattern) byId("ask-patterns").open = true;
  }

  /** Let the lists of forms and agencies show the start, where it is one of theirs. */
  fillStarts() {
    for (const [kind, place] of [["CONCEPT", byId("forms")], ["ENTITY", byId("entities")]]) {
      const holds = kind === this.asked.kind && [...place.options].some((option) => option.value === this.asked.id);
      if (holds) place.value = this.asked.id;
    }
  }

  /** Fill in one end of a path: "from" or "to". */
  fillEnd(end, kind, id) {
    byId(`${end}-kind`).value = kind;
    byId(end).value = id;
  }

  start(kind, id) {
    this.go({ ...this.readLimits(), kind, id, to: null, pattern: null });
  }

  goPaths() {
    const [kind, id, toKind, to] = ["from-kind", "from", "to-kind", "to"].map((name) => byId(name).value.trim());
    this.go({ ...this.readLimits(), kind, id, toKind, to, hops: Number(byId("hops").value), most: Number(byId("most").value), ordered: byId("ordered").checked, pattern: null });
  }

  goPattern() {
    this.go({ ...this.readLimits(), pattern: byId("pattern").value, ground: byId("ground").value, settings: settingsIn(byId("settings")), to: null });
  }

  /** Change the address; the rest follows from it, also with the browser's own Back. */
  go(change) {
    const address = addressOf({ ...this.asked, ...change });
    if (address === location.hash) this.followAddress();
    else location.hash = address;
    byId("start-title").scrollIntoView({ block: "nearest" });
  }

  async followAddress() {
    const before = this.asked;
    this.asked = readAddress();
    this.fillLimits();
    await this.attempt(async () => {
      if (!this.words || before.language !== this.asked.language) {
        await this.readWords();
        byId("newest").replaceChildren();
        this.newestAfter = null;
        await this.readNewest();
      }
      await this.grow();
    });
  }

  async readWords() {
    const told = await ask("Words", { languages: this.languages });
    const state = (code) => code.toUpperCase().replaceAll("-", "_");
    this.words = {
      language: this.asked.language,
      forms: new Map(told.units.entries.map((entry) => [entry.code, entry])),
      missing: new Map(told.missing.entries.map((entry) => [state(entry.code), entry.label])),
      variables: new Map(told.variables.map((variable) => [variable.code, variable])),
    };
    const notice = byId("purpose");
    notice.textContent = PURPOSES[told.installation.purpose] ?? "";
    notice.hidden = !notice.textContent;
    this.empty = told.installation.records.every(({ kind, count }) => kind !== "events" || count === 0);
    const options = told.units.entries.map((entry) => {
      const text = `${entry.code} ${entry.label?.text ?? ""}${entry.derived ? " (derived)" : ""}`;
      return element("option", { value: entry.code, lang: entry.label?.language ?? "en", dir: "auto" }, text);
    });
    byId("forms").replaceChildren(...options);
    this.fillStarts();
  }

  async readEntities() {
    const { reportingEntities } = await ask("Entities", {});
    const options = reportingEntities.nodes.map((one) => element("option", { value: one.id }, `${one.name}: ${counted(one.eventCount, KINDS.EVENT)}`));
    if (reportingEntities.pageInfo.hasNextPage) options.push(element("option", { disabled: true }, "the first 100; type the id of others below"));
    byId("entities").replaceChildren(...options);
    this.fillStarts();
  }

  async readNewest() {
    const { events } = await ask("Newest", { after: this.newestAfter ?? null });
    this.newestAfter = events.pageInfo.endCursor;
    byId("more").hidden = !events.pageInfo.hasNextPage;
    byId("newest").append(...events.nodes.map((event) => this.newestItem(event)));
    if (!byId("newest").children.length) byId("newest").append(element("li", { class: "missing" }, "There are none."));
  }

  newestItem(event) {
    const [when] = event.values;
    const date = when?.edtf ?? (when?.missing ? labelled(this.words.missing.get(when.missing), when.missing, this.words.language) : "no date told");
    const forms = event.forms.map(({ code }) => this.formName(code)).join("; ") || "no form recorded";
    const count = (role, words) => counted(event.participations.filter((part) => part.role === role && !part.isGroup).length, words);
    const people = `${count("VICTIM", ["victim", "victims"])}, ${count("PERPETRATOR", ["perpetrator", "perpetrators"])}`;
    const open = () => this.start("EVENT", event.id);
    const parts = [date, element("small", { dir: directionOf(this.words.language) }, forms), element("small", {}, people)];
    return element("li", {}, element("button", { type: "button", onclick: open }, parts));
  }

  formName(code) {
    return `${code} ${this.words.forms.get(code)?.label?.text ?? ""}`.trim();
  }

  nameOf(node) {
    const name = node.kind === "CONCEPT" ? this.formName(node.id) : [node.id, this.briefs.get(node.id)].filter(Boolean).join(", ");
    const hub = this.network.skippedHubs.find((one) => one.id === node.id);
    const where = this.marks.get(node.id) ?? (node.distance ? `${counted(node.distance, HOPS)} from the start` : "the start");
    return `${KINDS[node.kind][0]} ${name}, ${where}${hub ? `, kept but not followed: ${linksOf(hub)}` : ""}`;
  }

  captionOf(node) {
    const hub = this.network.skippedHubs.find((one) => one.id === node.id);
    if (hub) return linksOf(hub);
    if (this.briefs.has(node.id)) return this.briefs.get(node.id);
    if (this.marks.has(node.id)) return `${this.marks.get(node.id)} ${shortId(node.id)}`;
    if (node.distance === 0) return node.kind === "CONCEPT" ? `form ${node.id}` : shortId(node.id);
    return this.network.nodes.length <= WITH_CAPTIONS ? shortId(node.id) : "";
  }

  /** Date and forms of each event of a network small enough for captions, by id. */
  async readBriefs(network) {
    if (network.nodes.length > WITH_CAPTIONS) return new Map();
    const told = await briefsOf(network.nodes.filter((node) => node.kind === "EVENT").map(({ id }) => id));
    const brief = ({ forms, values }) => `${dayOf(values)} · ${forms.map((form) => form.code).join(", ") || "no form"}`;
    return new Map(told.map((event) => [event.id, brief(event)]));
  }

  /** Whom an identifier is told of. The text goes to the server and is forgotten with the answer. */
  async identify() {
    const place = byId("sightings");
    place.replaceChildren("Asking …");
    try {
      const { identified } = await ask("Identified", { kind: byId("identifier-kind").value }, { text: byId("identifier").value });
      place.replaceChildren(...this.sightingsTold(identified));
      place.focus();
    } catch (trouble) {
      place.replaceChildren();
      throw trouble;
    } finally {
      byId("identifier").value = "";
    }
  }

  sightingsTold({ sightings, truncated }) {
    if (!sightings.length) return [element("p", {}, "It is told of nobody and in no event that you may see.")];
    const events = new Map(); // by person; those that tell it of nobody under null
    for (const { person, event, entity } of sightings) events.set(person, [...(events.get(person) ?? []), { event, entity }]);
    const among = (told) => element("ul", {}, told.map(({ event, entity }) => element("li", {}, "event ", followed("EVENT", event, this.act), ` told by ${entity}`)));
    const rows = [...events].map(([person, told]) => element("li", {}, ...(person ? ["person ", followed("PERSON", person, this.act)] : ["an event itself"]), among(told)));
    const people = events.size - (events.has(null) ? 1 : 0);
    return [
      element("p", {}, `Told of ${counted(people, KINDS.PERSON)}, in ${counted(new Set(sightings.map(({ event }) => event)).size, KINDS.EVENT)}.`),
      truncated ? element("p", {}, element("strong", {}, "Not all are here.")) : "",
      element("ul", {}, rows),
    ];
  }

  /** The patterns there are, once. */
  async readLibrary() {
    if (this.library) return;
    const { patternLibrary } = await ask("Library", {});
    this.library = new Map(patternLibrary.map((one) => [one.kind, one]));
    byId("pattern").replaceChildren(...patternLibrary.map(({ kind }) => element("option", { value: kind }, patternName(kind))));
    if (this.asked.pattern) byId("pattern").value = this.asked.pattern;
    this.fillPattern(this.asked.settings);
  }

  fillPattern(given) {
    const definition = this.library.get(byId("pattern").value) ?? { words: "", parameters: [] };
    byId("pattern-words").textContent = definition.words;
    byId("settings").replaceChildren(...settingFields(definition, given));
  }

  /** Say what the start is, with its name where that is known. */
  tellStart(name) {
    const { kind, id } = this.asked;
    const told = kind === "CONCEPT" ? this.formName(id) : [id, name].filter(Boolean).join(" ");
    const { toKind, to, pattern, ground } = this.asked;
    const start = [`${KINDS[kind]?.[0] ?? kind} `, element("bdi", { dir: "auto" }, told)];
    const heading = pattern
      ? [`Pattern “${patternName(pattern)}” `, ...(ground === "list" ? ["in the list of events"] : ["around the ", ...start])]
      : to ? ["Paths from the ", ...start, ` to the ${KINDS[toKind]?.[0] ?? toKind} `, element("bdi", {}, to)] : ["From the ", ...start];
    byId("start-title").replaceChildren(...heading);
  }

  /** Ask what the address asks for and show it. */
  async grow() {
    const { kind, pattern, to } = this.asked;
    const turn = (this.turn += 1);
    if (!kind && !pattern) return this.tellNothing();
    this.tellStart();
    byId("told").textContent = "Asking …";
    try {
      await (pattern ? this.askPatterns(turn) : to ? this.askPaths(turn) : this.askNetwork(turn));
    } catch (trouble) {
      if (turn === this.turn) this.clear("Nothing to show.");
      throw trouble;
    }
  }

  async askNetwork(turn) {
    const { kind, id } = this.asked;
    const { egoNetwork } = await ask("Network", this.question());
    const briefs = await this.readBriefs(egoNetwork);
    if (turn !== this.turn) return;
    this.files = ["Files", this.question(), (told) => told.egoNetwork];
    this.tell(tellNetwork(egoNetwork, this.asked, this.words.forms), []);
    this.showNetwork(egoNetwork, briefs, new Map());
    await this.readFacts(kind, id);
  }

  async askPaths(turn) {
    const { kind, id, toKind, to, most, hops, ordered } = this.asked;
    const { budget, within } = this.question();
    const question = { from: { kind, id }, to: { kind: toKind, id: to }, most, maxHops: hops, timeRespecting: ordered, budget, within };
    const { paths } = await ask("Paths", question);
    const briefs = await this.readBriefs(paths.network);
    if (turn !== this.turn) return;
    this.files = ["PathFiles", question, (told) => told.paths.network];
    this.tell(pathsSaid(paths, this.asked), pathsListed(paths, this.act), ({ ids }) => this.standOut(ids));
    this.showNetwork(arranged(paths.network, id, neighboursOf(paths.network)), briefs, new Map([[id, "first end"], [to, "second end"]]));
    await this.readFacts(kind, id);
  }

  async askPatterns(turn, after = null) {
    const { kind, id, depth, pattern, ground } = this.asked;
    const settings = Object.entries(this.asked.settings).map(([name, value]) => ({ name, value }));
    const where = ground === "list" ? null : { around: { kind, id, depth } };
    const { patterns } = await ask("Patterns", { kind: pattern, settings, where, after });
    if (turn !== this.turn) return;
    this.clear("");
    this.tell(matchesSaid(patterns), matchesListed(patterns, this.act), ({ match }) => this.attempt(() => this.showMatch(match)));
    const next = patterns.account.endCursor;
    if (next) byId("found").append(element("button", { type: "button", onclick: () => this.attempt(() => this.askPatterns((this.turn += 1), next)) }, "Go on in the list"));
    byId("found").hidden = !byId("found").children.length;
  }

  /** Draw one match: its members and events, and the links among them alone. */
  async showMatch({ members, events }) {
    const turn = (this.turn += 1);
    const people = members.map(({ person }) => person);
    const question = { ids: { people, events }, budget: people.length + events.length };
    const { components } = await ask("Match", question);
    const briefs = await this.readBriefs(components.network);
    if (turn !== this.turn) return;
    this.files = ["MatchFiles", question, (told) => told.components.network];
    const marks = new Map(members.map(({ person, part }) => [person, partName(part, this.asked.pattern)]));
    this.showNetwork(arranged(components.network, people[0], neighboursOf(components.network)), briefs, marks);
    await this.readFacts("PERSON", people[0]);
  }

  /** Say what the answer is, and list what was found: the first is open, and `show` is called with whichever is opened. */
  tell(sentences, listed, show) {
    byId("told").replaceChildren(...sentences.filter(Boolean).flatMap(([strong, text]) => [strong ? element("strong", {}, strong) : "", ` ${text} `]));
    this.tellMeasured([]);
    const items = listed.map(({ name, body }, place) => element("details", { name: "found", open: place === 0 }, element("summary", {}, name), ...body));
    items.forEach((item, place) => item.addEventListener("toggle", () => item.open && show(listed[place])));
    byId("found").replaceChildren(...items);
    byId("found").hidden = !items.length;
    byId("measure").hidden = Boolean(this.asked.to || this.asked.pattern);
  }

  /** Draw a network, with what nodes are to the answer. */
  showNetwork(network, briefs, marks) {
    const holds = (place) => byId(place).contains(document.activeElement);
    const [fromPicture, fromTables] = [holds("picture"), holds("tables-view")];
    Object.assign(this, { network, briefs, marks });
    document.body.classList.remove("nothing");
    this.drawn = draw(byId("picture"), network, { nameOf: (node) => this.nameOf(node), captionOf: (node) => this.captionOf(node) });
    this.view.whole(this.drawn.reach);
    const [{ id }] = network.nodes;
    this.restAt(id);
    this.fillTables();
    if (fromPicture) this.drawn.elements.get(id).focus();
    if (fromTables) byId("told").focus();
  }

  /** What the address asks for, as every question about the network takes it. */
  question() {
    const { kind, id, depth, budget, hubs, relations } = this.asked;
    const edgeKinds = ["VICTIM_IN", "PERPETRATOR_IN", ...(relations ? ["RELATED_TO"] : [])];
    return { start: { kind, id }, depth, budget, within: { hubLimit: hubs, edgeKinds } };
  }

  async tellPlayers() {
    if (!this.network) return;
    const question = this.question();
    const { keyPlayers } = await ask("KeyPlayers", { ...question, budget: Math.min(question.budget, MOST_MEASURED) });
    this.tellMeasured(playersTold(keyPlayers, this.act));
    this.standOut(keyPlayers.players.map(({ id }) => id));
  }

  async tellCommunities() {
    if (!this.network) return;
    const question = this.question();
    const { communities } = await ask("Communities", { ...question, budget: Math.min(question.budget, MOST_MEASURED) });
    this.tellMeasured(communitiesTold(communities, { show: (ids) => this.standOut(ids) }));
    this.standOut([]);
    colourCommunities(this.drawn.elements, communities.communities);
  }

  standOut(ids) {
    standOut(byId("picture"), this.drawn, this.network, ids);
  }

  tellMeasured(parts) {
    byId("measured").replaceChildren(...parts);
    byId("measured").hidden = parts.length === 0;
  }

  async saveAs() {
    if (!this.network) return;
    const wish = { format: byId("format").value, pseudonyms: byId("pseudonyms").checked, languages: this.languages };
    const [operation, question, networkOf] = this.files;
    keepFiles(networkOf(await ask(operation, { ...question, ...wish })).export);
  }

  tellNothing() {
    this.clear("Choose where to start: an identifier you know, a form of exploitation, an agency that reports, one of the newest events, or an id you have.");
    if (!this.empty) return;
    byId("start-title").textContent = "There are no case records here that you may see";
    byId("told").textContent =
      "The classification is here, cases are not. Import a delivery with “ictip import FILE --mapping NAME”, or look at an invented world with “ictip serve --sample”.";
  }

  clear(told) {
    byId("told").textContent = told;
    document.body.classList.add("nothing");
    this.network = null;
    this.drawn = null;
    byId("picture").replaceChildren();
    byId("tables-view").replaceChildren();
    byId("found").replaceChildren();
    byId("found").hidden = true;
    this.tellMeasured([]);
    byId("facts-title").textContent = "Facts";
    byId("facts-body").replaceChildren(element("p", { class: "soft" }, "Choose a node to read what was told of it."));
  }

  /** Somebody chose a node: show what was told of it. */
  async choose(kind, id) {
    await this.attempt(() => this.readFacts(kind, id));
  }

  /** Read and show what was told of a node, in the picture or not. */
  async readFacts(kind, id) {
    const turn = (this.factsTurn += 1);
    const shown = this.drawn?.elements.has(id) ?? false;
    const isStart = kind === this.asked.kind && id === this.asked.id;
    const first = this.network?.nodes[0].id; // it is marked already: nothing else need fade
    if (this.drawn) emphasise(byId("picture"), this.drawn, this.network, shown && id !== first ? id : null);
    if (shown) this.restAt(id);
    const [operation, field, more] = QUESTIONS[kind];
    const languages = operation === "EntityFacts" ? {} : { languages: this.languages };
    const record = (await ask(operation, { id, ...more, ...languages }))[field];
    if (turn !== this.factsTurn) return;
    const head = isStart ? element("p", { class: "small" }, "The start.") : element("button", { type: "button", onclick: () => this.start(kind, id) }, "Make it the start");
    const ends = ENDS.includes(kind) ? [["Paths from it", "from"], ["Paths to it", "to"]] : [];
    const pickers = ends.map(([text, end]) => element("button", { type: "button", onclick: () => this.pickEnd(end, kind, id) }, text));
    const absent = this.drawn && !shown ? element("p", { class: "small" }, "Not in this picture.") : "";
    const body = record ? factsOf(kind, record, this.words, this.act) : element("p", {}, "Nothing is told of it.");
    const noun = KINDS[kind][0];
    if (isStart && record) this.tellStart({ AREA: record.label?.text, ENTITY: record.name }[kind]);
    const held = byId("facts-body").contains(document.activeElement);
    byId("facts-title").replaceChildren(`${noun[0].toUpperCase()}${noun.slice(1)} `, element("code", {}, id));
    byId("facts-body").replaceChildren(element("div", {}, element("div", { class: "row-of" }, head, pickers), absent, body));
    byId("facts").scrollTop = 0;
    if (held) byId("facts-title").focus();
  }

  /** Make a node one end of a path; with both ends there, ask for the paths, else for the other end. */
  pickEnd(end, kind, id) {
    this.fillEnd(end, kind, id);
    const other = byId(end === "from" ? "to" : "from");
    if (end === "to" && other.value.trim() && other.value.trim() !== id) return this.goPaths();
    byId("ask-paths").open = true;
    other.focus();
  }

  show(view) {
    for (const one of ["picture", "tables"]) {
      byId(`${one}-view`).hidden = one !== view;
      byId(`as-${one}`).setAttribute("aria-pressed", one === view);
    }
    byId("zoom").hidden = byId("explained").hidden = view !== "picture";
    this.fillTables();
  }

  fillTables() {
    const place = byId("tables-view");
    if (place.hidden || !this.network) return;
    place.replaceChildren(this.nodeTable(), this.edgeTable());
  }

  nodeTable() {
    const hubs = new Map(this.network.skippedHubs.map((hub) => [hub.id, hub]));
    const rows = this.network.nodes.map((node) => [
      KINDS[node.kind][0],
      nodeButton(node.kind, node.id, this.act),
      String(node.distance),
      String(this.drawn.neighbours.get(node.id).length),
      [this.marks.get(node.id), this.briefs.get(node.id), hubs.has(node.id) ? `kept but not followed: ${linksOf(hubs.get(node.id))}` : ""].filter(Boolean).join("; "),
      element("button", { type: "button", class: "link", onclick: () => this.start(node.kind, node.id), "aria-label": `Start from ${this.nameOf(node)}` }, "start here"),
    ]);
    return table("Nodes", ["Kind", "Id or code", "Hops", "Neighbours here", "Remark", "New start"], rows);
  }

  edgeTable() {
    const kinds = new Map(this.network.nodes.map((node) => [node.id, node.kind]));
    const end = (id) => [`${KINDS[kinds.get(id)][0]} `, nodeButton(kinds.get(id), id, this.act)];
    const rows = this.network.edges.map((edge) => [end(edge.source), linkWords(edge.kind), end(edge.target)]);
    return table("Links", ["From", "Is", "To"], rows);
  }
}

/** A table with a caption that counts its rows. */
function table(name, heads, rows) {
  return element(
    "table",
    {},
    element("caption", {}, `${name}: ${rows.length.toLocaleString("en")}`),
    element("thead", {}, element("tr", {}, heads.map((head) => element("th", { scope: "col" }, head)))),
    element("tbody", {}, rows.map((cells) => element("tr", {}, cells.map((cell) => element("td", {}, cell))))),
  );
}

/** Shapes and line styles, each with its words. */
function drawLegend() {
  const sign = (...parts) => shape("svg", { viewBox: "-19 -11 38 22", "aria-hidden": "true" }, ...parts);
  const node = (kind) => sign(shape("g", { class: `node ${kind.toLowerCase()}` }, shape("path", { d: outline(kind, 8) })));
  const link = (kind) => sign(shape("path", { class: `edge ${kind.toLowerCase() || "none"}`, d: "M-18,0L18,0" }));
  const hub = sign(shape("g", { class: "node person skipped" }, shape("circle", { class: "halo", r: 9.5 }), shape("path", { d: outline("PERSON", 6) })));
  const entries = [
    ...["EVENT", "PERSON", "CONCEPT", "ENTITY", "AREA"].map((kind) => [node(kind), KINDS[kind][0]]),
    [hub, "kept but not followed"],
    ...LINK_KINDS.map((kind) => [link(kind), linkWords(kind)]),
  ];
  byId("legend").replaceChildren(...entries.map(([drawing, text]) => element("li", {}, drawing, text)));
}

new Explorer().open();
