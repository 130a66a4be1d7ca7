// What `evensong doctor` finds.

import { ask, el, tried } from "./dom.js";
import { table } from "./people.js";

export const title = "Checks";
const SHOWN = { ok: "good", warn: "look at it", fail: "not right" };

export function show(place) {
  const found = el("div", { "aria-live": "polite" });
  const run = tried(async () => {
    found.replaceChildren(el("p", { class: "soft" }, "Checking; this takes some seconds, two of them to listen …"));
    try {
      const { lines } = await ask("api/doctor", "POST");
      found.replaceChildren(el("section", { class: "card", "aria-label": "What was found" }, table(["Is it", "What", "How it is"],
        lines.map((line) => [el("span", { class: line.verdict }, SHOWN[line.verdict]), line.subject, line.text]))));
    } catch (error) {
      found.replaceChildren();
      throw error;
    }
  });
  place.append(
    el("p", { class: "soft" }, "Everything that must be right for an evening, each with its remedy. While an evening runs, the microphone may be called busy."),
    el("p", {}, el("button", { class: "main", click: run }, "Run the checks")),
    found);
}
