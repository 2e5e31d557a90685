// Paths between two people or events: how the search ended, in sentences, and each path hop by hop. Asking is the page's.
import { KINDS, counted, element, hubsTold, linkWords, nodeButton } from "./explore_facts.js";

export const ENDS = ["PERSON", "EVENT"]; // what a path can lead between

const SURE = {
  CONFIRMED: "confirmed by an official authority",
  REPORTED: "reported",
  POSSIBLE: "possible",
  REFUTED: "refuted: told to be no trafficking",
};
const PATHS = ["path", "paths"];
const HOPS = ["hop", "hops"];

/** What the search came to: sentences, each with what is said first and strongly. */
export function pathsSaid({ outcome, limits, paths, network }, asked) {
  const [ordered, order] = asked.ordered ? [" whose events can have followed each other in time", " in order of time"] : ["", ""];
  const limit = {
    BUDGET: `${counted(asked.budget, ["person or event", "people and events"])} looked at (“Most nodes”)`,
    HOPS: counted(asked.hops, HOPS),
    HUBS: `${counted(asked.hubs, ["link", "links"])} of a node that is gone through`,
    STEPS: "the work that one search may be",
  };
  const ended = limits.map((name) => limit[name]).join("; ");
  const many = paths.length >= asked.most;
  const said = {
    NONE: ["There is no path", `between the two${ordered} in what you may see, along the links that were asked for.`],
    NOT_WITHIN_LIMITS: ["No path was found, and there may be one:", `the search${order} ended at a limit: ${ended}.`],
    FOUND: ["", `${counted(paths.length, PATHS)}${ordered}, the shortest first: ${many ? "as many as were asked for" : limits.length ? "there may be more" : "there are no others"}.`],
  }[outcome];
  return [
    said,
    outcome === "FOUND" && limits.includes("BUDGET") ? ["Others may come before the last of them:", `the search ended at a limit: ${ended}.`] : null,
    outcome === "FOUND" && limits.length && !limits.includes("BUDGET") ? ["", `The search ended at a limit: ${ended}.`] : null,
    hubsTold("Not gone through,", network.skippedHubs, asked.hubs),
    network.hidden ? ["", `${counted(network.hidden, ["node is", "nodes are"])} left out, as the question asked.`] : null,
    ["", `${counted(network.visited, ["person or event was", "people and events were"])} looked at.`],
  ];
}

/** Each path as what can be opened: its hops, with the events that show them. */
export function pathsListed({ paths, network }, act) {
  const kinds = new Map(network.nodes.map((node) => [node.id, node.kind]));
  const node = (id) => [`${KINDS[kinds.get(id)][0]} `, nodeButton(kinds.get(id), id, act)];
  return paths.map((path, place) => ({
    ids: path.nodes,
    name: `Path ${place + 1}: ${counted(path.hops.length, HOPS)}, ${SURE[path.confidence]}`,
    body: [
      path.hops.length ? "" : element("p", {}, "Both ends are judged to be the same."),
      element("ol", {}, path.hops.map((hop) => element("li", {}, ...hopOf(hop, node, act)))),
    ],
  }));
}

function hopOf(hop, node, act) {
  const links = [...new Set(hop.links.map(({ kind }) => linkWords(kind)))].join(" and ");
  const shown = hop.evidence.map((event) => element("li", {}, ...evidenceOf(event, act)));
  return [...node(hop.near), " → ", ...node(hop.far), ` (${links}): ${SURE[hop.confidence]}. Shown by`, element("ul", {}, shown)];
}

function evidenceOf({ event, entity, began, ended, recorded, confidence, grounds }, act) {
  const dates = Object.entries({ began, ended, recorded }).filter(([, date]) => date).map(([name, date]) => `${name} ${date}`);
  return ["event ", nodeButton("EVENT", event, act), ` of ${entity}, ${dates.join(", ") || "no date told"}; ${SURE[confidence]} (${grounds.join(", ")})`];
}
