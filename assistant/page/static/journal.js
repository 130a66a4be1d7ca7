// The journal: looked through, searched, corrected, deleted, exported.

import { agreed, ask, capital, day, el, notice, tried, words } from "./dom.js";
import { confidence, withKey } from "./confided.js";

export const title = "Journal";

export async function show(place) {
  const asked = { words: "", person: "", ritual: "" };
  const found = el("div", { "aria-live": "polite" });
  const confided = el("div");
  const form = el("div");
  place.append(form, confided, found);
  await look();

  async function look(before = null) {
    const query = new URLSearchParams({ ...asked, ...(before ? { before } : {}) });
    const answer = await ask(withKey(`api/journal?${query}`));
    if (form.children.length === 0) form.append(searching(asked, answer, () => look()));
    confided.replaceChildren(confidence(answer, tried(() => look())) ?? "");
    if (!before) found.replaceChildren(answer.sessions.length ? "" : el("p", {}, nothing(asked)));
    found.append(...answer.sessions.map((session) => evening(session, answer.rituals[session.ritual], () => look())));
    if (answer.older) {
      const more = el("button", { click: tried(async () => { more.remove(); await look(answer.older); }) }, "Earlier evenings");
      found.append(more);
    }
  }
}

function nothing(asked) {
  return asked.words || asked.person || asked.ritual ? "Nothing like that is in the journal." : "The journal is empty; it begins with your first ritual.";
}

function searching(asked, answer, look) {
  const search = el("input", { id: "words", type: "search" });
  const person = choice("person", "Anybody", answer.people, (name) => name);
  const ritual = choice("ritual", "Any ritual", Object.keys(answer.rituals), (name) => capital(answer.rituals[name]));
  const submit = tried(async () => {
    Object.assign(asked, { words: search.value, person: person.value, ritual: ritual.value });
    await look();
  });
  return el("div", {},
    el("form", { class: "row", role: "search", submit },
      el("div", { class: "wide" }, el("label", { for: "words" }, "Words that were said"), search),
      el("div", {}, el("label", { for: "person" }, "By"), person),
      el("div", {}, el("label", { for: "ritual" }, "In"), ritual),
      el("button", { class: "main" }, "Search")),
    el("p", { class: "small actions" }, "Export what is shown to you: ",
      ...["md", "json", "csv"].map((to) => el("button", { class: "quiet", click: () => save(to) }, { md: "Markdown", json: "JSON", csv: "CSV" }[to]))));
}

function save(to) {
  el("a", { href: withKey(`api/export/${to}`), download: `evensong-journal.${to}` }).click();
}

function choice(id, any, names, shown) {
  return el("select", { id }, el("option", { value: "" }, any), names.map((name) => el("option", { value: name }, shown(name))));
}

function evening(session, ritual, again) {
  const name = `${capital(ritual)}, ${day(session.began)}`;
  const remove = tried(async () => {
    if (!(await agreed(`Delete the evening "${name}" for good?`, "Delete it"))) return;
    await ask(withKey(`api/sessions/${session.id}`), "DELETE");
    notice("The evening is deleted.");
    await again();
  });
  const ended = { finished: "", stopped: " · ended early", open: " · not over yet" }[session.outcome];
  return el("article", { class: "card", "aria-label": name },
    el("header", {}, el("h2", {}, capital(ritual)), el("span", { class: "tag" }, day(session.began))),
    el("p", { class: "small" }, `${session.people.join(" and ") || "One person"}${ended}`),
    el("ul", { class: "entries" }, session.entries.map((one) => answer(one, again))),
    el("div", { class: "actions" }, el("button", { class: "quiet", click: remove, "aria-label": `Delete ${name}` }, "Delete this evening")));
}

function answer(entry, again) {
  const who = entry.person ? entry.person + (entry.about ? ` to ${entry.about}` : "") : "Together";
  const number = entry.number === null ? "" : `${words(entry.key)}: ${Number(entry.number.toFixed(2))}`;
  const said = el("span", {}, [number, entry.text].filter(Boolean).join(" · "));
  const what = el("div", { class: "what" }, said);
  const short = (entry.text ?? number).slice(0, 40);
  const remove = tried(async () => {
    if (!(await agreed(`Delete "${short}" for good?`, "Delete it"))) return;
    await ask(withKey(`api/entries/${entry.id}`), "DELETE");
    notice("The answer is deleted.");
    await again();
  });
  function correct() {
    what.replaceChildren(correcting(entry, again, back));
    what.querySelector("textarea").focus();  // at once, so that no key that is pressed now is lost
  }
  const edit = el("button", { class: "quiet", click: correct, "aria-label": `Correct "${short}"` }, "Correct");
  function back() {
    what.replaceChildren(said);
    edit.focus();
  }
  return el("li", { "data-answer": entry.id }, el("span", { class: "who small" }, who), what,
    el("div", { class: "actions" }, entry.text === null ? null : edit, el("button", { class: "quiet", click: remove, "aria-label": `Delete "${short}"` }, "Delete")));
}

function correcting(entry, again, back) {
  const id = `text-${entry.id}`;
  const text = el("textarea", { id }, entry.text);
  const submit = tried(async () => {
    await ask(withKey(`api/entries/${entry.id}`), "POST", { text: text.value });
    notice("The answer is corrected.");
    await again();
    document.querySelector(`li[data-answer="${entry.id}"] .actions button`)?.focus();  // all was drawn anew
  });
  return el("form", { submit, keydown: (event) => { if (event.key === "Escape") back(); } },
    el("label", { for: id }, "What was really said"), text,
    el("div", { class: "actions" }, el("button", { class: "main" }, "Save"), el("button", { type: "button", click: back }, "Leave it")));
}
