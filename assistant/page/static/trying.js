// A sentence, and what it would be taken to mean.

import { ask, el, tried, words } from "./dom.js";

export const title = "Try a sentence";
const WHERE = { all: "anywhere", idle: "just woken", ritual: "when a command is awaited", answer: "inside a free answer" };

export function show(place) {
  const text = el("input", { id: "text", required: true, maxlength: 500, autocomplete: "off" });
  const where = el("select", { id: "where" }, Object.entries(WHERE).map(([value, shown]) => el("option", { value }, shown)));
  const found = el("div", { "aria-live": "polite" });
  const submit = tried(async () => {
    found.replaceChildren(el("p", { class: "soft" }, "Thinking …"));
    found.replaceChildren(taken(await ask("api/match", "POST", { text: text.value, context: where.value })));
  });
  place.append(
    el("p", { class: "soft" }, "Type what you would say. Nothing is done, and nothing is kept."),
    el("form", { class: "row", submit },
      el("div", { class: "wide" }, el("label", { for: "text" }, "A sentence"), text),
      el("div", {}, el("label", { for: "where" }, "Said"), where),
      el("button", { class: "main" }, "Try it")),
    found);
}

function taken(found) {
  if (found.safety) {
    return el("section", { class: "card", "aria-label": "Result" }, el("p", {}, "This is not for an exercise: a ritual would stop softly, and nothing of it would be kept."));
  }
  const slots = Object.entries(found.slots).map(([name, value]) => `${words(name)}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return el("section", { class: "card", "aria-label": "Result" },
    el("h2", {}, found.intent ? words(found.intent) : "Not understood as a command"),
    el("p", { class: "small" }, `Score ${found.score}, ${found.margin} before the next${found.unsure ? "; it would be asked about first" : ""}`),
    slots.length ? el("p", {}, slots.join(", ")) : null,
    el("pre", { tabindex: 0, "aria-label": "Why" }, found.explanation));
}
