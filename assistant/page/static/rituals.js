// What Evensong can lead through, and a button to begin it.

import { ask, capital, el, notice, tried } from "./dom.js";

export const title = "Rituals";

export async function show(place) {
  const { live, rituals } = await ask("api/rituals");
  for (const ritual of rituals) ritual.title = capital(ritual.title);
  place.append(
    el("p", { class: "soft" }, live
      ? "Begin one here, or say its name. Nobody has to be asked twice: anyone may pass on anything."
      : "To begin one from here, start Evensong with: evensong listen --page"),
    el("ul", { class: "tiles" }, rituals.map((ritual) => tile(ritual, live))));
}

function tile(ritual, live) {
  const people = ritual.people_min === ritual.people_max ? ritual.people_min : `${ritual.people_min} to ${ritual.people_max}`;
  const who = ritual.people_max === 1 ? "for one" : `for ${people} people`;
  const begin = tried(async () => {
    await ask(`api/rituals/${encodeURIComponent(ritual.id)}/begin`, "POST");
    notice(`${ritual.title} begins.`);
    location.hash = "live";
  });
  return el("li", { class: "card" },
    el("div", {}, el("h2", {}, ritual.title), el("p", { class: "small" }, `About ${ritual.minutes} minutes, ${who}`)),
    live ? el("div", {}, el("button", { click: begin, "aria-label": `Begin ${ritual.title}` }, "Begin")) : null);
}
