// The running evening, as the terminal shows it.

import { ask, capital, el, notice, tried, words } from "./dom.js";

export const title = "Live";
const SILENT_DB = -60;

export function show(place) {
  const state = el("p", { role: "status", id: "state" }, "Looking …");
  const bar = el("span");
  const level = el("div", { class: "level", role: "meter", "aria-label": "Microphone level", "aria-valuemin": SILENT_DB, "aria-valuemax": 0, "aria-valuenow": SILENT_DB }, bar);
  const step = el("div");
  const talk = el("div", { class: "talk", role: "log", "aria-label": "What was heard and said", tabindex: 0 });
  const hint = el("p", { class: "soft" });
  const ears = el("button", { hidden: true, click: tried(async () => { await ask("api/ears", "POST"); notice("Its ears are open."); }) }, "Open its ears");
  const evening = el("section", { class: "card", "aria-labelledby": "state" }, el("div", { class: "state" }, state, level), step, talk, hint, ears);
  place.append(evening);
  let last = -1;

  function setLevel(db) {
    level.hidden = db === null || db === undefined;
    if (level.hidden) return;
    level.setAttribute("aria-valuenow", db);
    level.setAttribute("aria-valuetext", `${db} decibels`);
    bar.style.width = `${Math.max(0, Math.min(100, (100 * (db - SILENT_DB)) / -SILENT_DB))}%`;
  }

  function setEvening(seen) {
    const now = capital(seen.hearing ? "hearing you" : seen.state);
    if (state.textContent !== now) state.textContent = now;
    setLevel(seen.level_db);
    ears.hidden = !(seen.running && seen.mode === "off" && seen.state.startsWith("ears closed"));
    step.replaceChildren(...(seen.ritual ? steps(seen.ritual) : []));
    for (const { number, who, text } of seen.lines ?? []) {
      if (number <= last) continue;
      last = number;
      const again = talk.lastElementChild?.firstElementChild.textContent === who;
      talk.append(el("p", {}, el("span", { class: again ? "speaker again" : "speaker" }, who), el("span", { class: who === "Evensong" ? "own" : "" }, text)));
      while (talk.children.length > 40) talk.firstElementChild.remove();
      talk.scrollTop = talk.scrollHeight;
    }
    talk.hidden = !seen.running && talk.children.length === 0;
    hint.textContent = seen.running
      ? (seen.discreet ? "Some things are for the room only; their words are not shown here." : 'You can always say "pause", "skip", "help" or "stop".')
      : "To see an evening here as it goes, start Evensong with: evensong listen --page";
  }

  const stream = new EventSource("api/live");
  stream.addEventListener("evening", (event) => setEvening(JSON.parse(event.data)));
  stream.addEventListener("level", (event) => setLevel(JSON.parse(event.data).level_db));
  stream.addEventListener("error", () => { state.textContent = "Evensong does not answer; it may have ended."; });
  return () => stream.close();
}

function steps(ritual) {
  const named = /^[\d.a-z]*\d[\d.]*$/.test(ritual.step) ? "" : `: ${words(ritual.step)}`;
  const who = ritual.person ? `, ${ritual.person}` : "";
  return [
    el("p", { class: "small" }, `${capital(ritual.title)}, step ${ritual.number} of ${ritual.of}${named}${who}`),
    el("progress", { max: ritual.of, value: ritual.number, "aria-label": "Progress of the ritual" }),
  ];
}
