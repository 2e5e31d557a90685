// What was sent to the server, as it was sent: for who wants to see or repeat what the page shows.
import { element } from "./explore_facts.js";
import { sent } from "./explore_questions.js";

/** Each operation that was sent, the latest first: query, variables, and a button that copies both as one request's body. */
export function sentTold() {
  return [...sent.values()].reverse().map((body) => {
    const said = element("span", { role: "status" });
    const copy = async () => {
      said.textContent = (await copied(JSON.stringify(body, null, 2))) ? " Copied." : " The browser did not allow it: choose the text above and copy it.";
    };
    const variables = Object.keys(body.variables).length ? [element("h4", {}, "Variables"), text(JSON.stringify(body.variables, null, 2), `Variables of ${body.operationName}`)] : "";
    return element(
      "details",
      {},
      element("summary", {}, element("code", {}, body.operationName)),
      text(body.query, `Query ${body.operationName}`),
      variables,
      element("button", { type: "button", onclick: copy, "aria-label": `Copy ${body.operationName}` }, "Copy"),
      said,
    );
  });
}

function text(told, name) {
  return element("pre", { tabindex: 0, role: "region", "aria-label": name }, told);
}

/** Whether the browser let the text be copied. */
async function copied(told) {
  try {
    await navigator.clipboard.writeText(told);
    return true;
  } catch {
    return false;
  }
}
