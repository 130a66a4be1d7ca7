// The key that a passphrase gave. It is only in this window's memory, and goes with it.

import { ask, el, notice, tried } from "./dom.js";

let key = null;

/** `path` with the key, when there is one. */
export function withKey(path) {
  return key === null ? path : `${path}${path.includes("?") ? "&" : "?"}key=${key}`;
}

/** Lets somebody open, or close again, what they said alone; `changed` is called then. */
export function confidence(found, changed) {
  if (found.confided !== null) {
    const close = tried(async () => {
      await ask(withKey("api/passphrase"), "DELETE");
      key = null;
      changed();
    });
    return el("p", {}, `What ${found.confided} said alone is shown as well. `, el("button", { click: close }, "Close it again"));
  }
  if (!found.private) return null;
  const said = el("input", { id: "passphrase", type: "password", autocomplete: "off" });
  const open = tried(async () => {
    const given = await ask("api/passphrase", "POST", { words: said.value });
    key = given.key;
    notice(`What ${given.person} said alone is shown as well, until you close it or this window.`);
    changed();
  });
  return el("details", {}, el("summary", {}, "What was said alone is not shown"),
    el("form", { class: "row", submit: open },
      el("div", { class: "wide" }, el("label", { for: "passphrase" }, "Your passphrase shows what you said alone"), said),
      el("button", {}, "Show it")));
}
