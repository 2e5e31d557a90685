// The library of patterns: its form, and each match with its parts. Asking is the page's.
import { counted, element, hubsTold, nodeButton } from "./explore_facts.js";

const TIMINGS = {
  CERTAIN: "Every reading of the dates agrees with it.",
  POSSIBLE: "Some reading of the dates agrees with it, not every one.",
  UNDATED: "An event has no date: when it was is not known.",
};

/** A pattern's name. */
export function patternName(kind) {
  return kind.toLowerCase().replaceAll("_", " ");
}

/** What a member is to the pattern. */
export function partName(part, kind) {
  return part === "link" ? `in the ${kind.toLowerCase().split("_")[0]}` : part; // a link is another thing on this page
}

/** A field for each parameter of a pattern, with its range; what is `given` instead of the default. */
export function settingFields({ parameters }, given) {
  return parameters.map(({ name, default: usual, lowest, highest, means }) => {
    const field = element("input", { type: "number", name, min: lowest, max: highest, value: given[name] ?? usual, "data-usual": usual, required: true });
    return element("label", {}, element("code", {}, name), ` ${means}`, field);
  });
}

/** The settings in these fields that are not the default. */
export function settingsIn(place) {
  const changed = [...place.querySelectorAll("input")].filter((field) => field.value !== field.dataset.usual);
  return Object.fromEntries(changed.map((field) => [field.name, Number(field.value)]));
}

/** What the search came to: sentences, each with what is said first and strongly. */
export function matchesSaid({ found, matches, account }) {
  const more = found - matches.length;
  return [
    ["", `${counted(found, ["match", "matches"])} in ${counted(account.visited, ["event", "events"])} that were read.`],
    found ? ["", "The picture holds a match's people and events, and the links among these alone."] : null,
    more > 0 ? ["Not all are here:", `${counted(more, ["match", "matches"])} more beyond the first ${matches.length}.`] : null,
    account.truncated ? ["Not all was looked at:", "a limit of the search left events out, so matches may be missing."] : null,
    account.endCursor ? ["", "The list of events goes on."] : null,
    hubsTold("Not looked at,", account.skippedHubs, null),
    account.skippedIdentifiers ? ["", `${counted(account.skippedIdentifiers, ["identifier", "identifiers"])} told by too many events passed over.`] : null,
    account.hidden ? ["", `${counted(account.hidden, ["event", "events"])} come upon and left out, as the question asked.`] : null,
  ];
}

/** Each match as what can be opened: why it matched, who is in it, and its events. */
export function matchesListed({ matches }, act) {
  return matches.map((match, place) => ({
    match,
    name: `Match ${place + 1}: ${counted(match.members.length, ["person", "people"])}, ${counted(match.events.length, ["event", "events"])}`,
    body: [
      element("h3", {}, "Why it matches"),
      element("ul", {}, match.because.map((reason) => element("li", {}, reason))),
      match.timing ? element("p", {}, TIMINGS[match.timing]) : "",
      element("h3", {}, "Who is in it"),
      element("ul", {}, match.members.map(({ person, part }) => element("li", {}, `${partName(part, match.kind)}: person `, nodeButton("PERSON", person, act)))),
      element("h3", {}, "Its events"),
      element("ol", {}, match.events.map((event) => element("li", {}, "event ", nodeButton("EVENT", event, act)))),
    ],
  }));
}
