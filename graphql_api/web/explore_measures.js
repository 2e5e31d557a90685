// What is measured of the network in the picture, and keeping it as a file: words and elements only. Asking is the page's.
import { counted, element, nodeButton } from "./explore_facts.js";

export const MOST_MEASURED = 2000; // people and events that the server measures at once
const COLOURED = 7; // communities with a colour of their own

/** Key players as a table, with why each one counts. */
export function playersTold(told, act) {
  const rows = told.players.map((player) =>
    element(
      "tr",
      {},
      element("td", {}, nodeButton("PERSON", player.id, act)),
      element("td", {}, ...player.because.map((reason) => element("div", {}, reason))),
    ),
  );
  const heads = ["Person", "Why"];
  return [
    element("h3", {}, "Key players"),
    element(
      "p",
      { class: "soft" },
      `The first ${rows.length} of ${counted(told.people, ["person", "people"])}, by the shortest paths between others that run through them, in ${counted(told.components, ["group", "groups"])} of people who hang together.${leftOut(told.network)}`,
    ),
    element(
      "table",
      {},
      element("thead", {}, element("tr", {}, heads.map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", {}, rows),
    ),
  ];
}

/** Communities as a list, the first few in the colours that their nodes have in the picture. */
export function communitiesTold(told, act) {
  const quality = told.modularity.toFixed(2);
  const read = told.modularity < 0.3 ? "hardly better than chance would have it" : "well apart";
  return [
    element("h3", {}, "Communities"),
    element("p", { class: "soft" }, `${counted(told.communities.length, ["community", "communities"])}, ${read} (modularity ${quality}).${leftOut(told.network)}`),
    element(
      "ol",
      { class: "communities" },
      told.communities.map((one) =>
        element(
          "li",
          { "data-community": one.number <= COLOURED ? one.number : 0 },
          `${one.because.join("; ")}. `,
          element("button", { type: "button", class: "link small", onclick: () => act.show(one.nodes) }, "show in the picture"),
        ),
      ),
    ),
  ];
}

/** Give the nodes of a picture the number of their community, up to as many as have a colour. */
export function colourCommunities(elements, communities) {
  for (const { number, nodes } of communities) {
    for (const id of nodes) elements.get(id)?.setAttribute("data-community", number <= COLOURED ? number : 0);
  }
}

function leftOut(network) {
  return network.truncated || network.skippedHubs.length ? " Only of what is shown: not all is here." : "";
}

/** Keep each file where the browser keeps downloads. */
export function keepFiles(files) {
  for (const { name, media, text } of files) {
    const address = URL.createObjectURL(new Blob([text], { type: media }));
    element("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }
}
