// Who has taken part, and what they are to be reminded of.

import { agreed, ask, capital, day, el, notice, tried } from "./dom.js";

export const title = "People and reminders";

export async function show(place) {
  const [{ people }, { reminders }] = await Promise.all([ask("api/people"), ask("api/reminders")]);
  place.append(
    el("section", { class: "card", "aria-labelledby": "people" }, el("h2", { id: "people" }, "People"),
      people.length ? table(["Name", "Evenings together", "Last", "Voice"], people.map((one) => [
        one.name, String(one.evenings), one.last ? day(one.last, false) : "", one.voice ? "known" : "not learned"])) : el("p", {}, "Nobody has taken part yet.")),
    reminding(reminders));
}

function reminding(reminders) {
  const list = el("ul", { class: "entries" }, reminders.map((one) => {
    const row = el("li", {}, el("span", { class: "what" }, `${capital(one.what)}, ${one.when}`),
      el("span", { class: "small" }, one.next ? `next ${day(one.next)}` : "its time is over"),
      el("button", { class: "quiet", "aria-label": `Cancel ${one.what}, ${one.when}`, click: tried(async () => {
        if (!(await agreed(`Cancel the reminder "${one.what}, ${one.when}"?`, "Cancel it"))) return;
        await ask(`api/reminders/${one.id}`, "DELETE");
        row.remove();
        notice("The reminder is cancelled.");
      }) }, "Cancel"));
    return row;
  }));
  return el("section", { class: "card", "aria-labelledby": "reminders" }, el("h2", { id: "reminders" }, "Reminders"),
    reminders.length ? list : el("p", {}, 'There are none. Say for example: "remind us every night at ten to do gratitude".'));
}

export function table(headings, rows) {
  return el("table", {}, el("thead", {}, el("tr", {}, headings.map((one) => el("th", { scope: "col" }, one)))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell) => el("td", {}, cell))))));
}
