// Which view is shown. Each view is a module with a title and `show(main)`, which may return what is to be done when it is left.

import * as live from "./live.js";
import * as rituals from "./rituals.js";
import * as journal from "./journal.js";
import * as people from "./people.js";
import * as pictures from "./pictures.js";
import * as trying from "./trying.js";
import * as checks from "./checks.js";
import { el, Refused } from "./dom.js";

const views = { live, rituals, journal, people, pictures, try: trying, checks };
const main = document.getElementById("view");
let leave = null;

async function show(moveFocus) {
  const name = location.hash.slice(1) in views ? location.hash.slice(1) : "live";
  const view = views[name];
  leave?.();
  leave = null;
  document.title = `${view.title} · Evensong`;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const place = el("div", {}, el("h1", {}, view.title));
  main.replaceChildren(place);
  if (moveFocus) main.focus();
  try {
    const ending = await view.show(place);
    if (place.isConnected) leave = ending ?? null;
    else ending?.();
    main.dataset.shown = name;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    place.append(el("p", {}, "This could not be shown. ", el("button", { click: () => show(false) }, "Try again")));
  }
}

document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); main.focus(); });
addEventListener("hashchange", () => show(true));
show(false);
