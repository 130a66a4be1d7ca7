// Making elements, and asking the server. Text is only ever set as text: nothing that was said can become markup.

/** An element: `el("p", {class: "small"}, "words", child)`. Functions become listeners, `true` an empty attribute. */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

let clearing = 0;

/** One sentence at the foot of the page, read aloud by screen readers. */
export function notice(sentence) {
  const place = document.getElementById("notice");
  place.textContent = sentence;
  clearTimeout(clearing);
  clearing = setTimeout(() => { place.textContent = ""; }, 8000);
}

/** The server's answer; what it refuses is told, and then thrown. */
export async function ask(path, method = "GET", body = undefined) {
  const sent = body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  let answer;
  try {
    answer = await fetch(path, { method, ...sent });
  } catch {
    notice("Evensong does not answer; it may have ended. Start it again and open the address that it prints.");
    throw new Refused();
  }
  const found = answer.headers.get("content-type") === "application/json" ? await answer.json() : {};
  if (!answer.ok) {
    notice(found.message ?? "That was refused; open the address that Evensong printed.");
    throw new Refused();
  }
  return found;
}

/** Somebody has been told already. */
export class Refused extends Error {}

/** Lets a listener end quietly when its question was refused. */
export function tried(doing) {
  return async (event) => {
    event?.preventDefault();
    try {
      await doing(event);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  };
}

/** Asks before something is deleted for good; true: it is meant. */
export function agreed(question, deed) {
  return new Promise((resolve) => {
    const dialog = el("dialog", { "aria-labelledby": "question", close: () => { dialog.remove(); resolve(dialog.returnValue === "yes"); } },
      el("p", { id: "question" }, question),
      el("div", { class: "actions" },
        el("button", { class: "main", click: () => dialog.close("yes") }, deed),
        el("button", { click: () => dialog.close("no") }, "Keep it")));
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** A moment of the journal by the clock of then: "Sunday 22 November 2026, 21:58". */
export function day(moment, withTime = true) {
  const wall = new Date(`${moment.slice(0, 16)}Z`);
  const date = wall.toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return withTime ? `${date}, ${moment.slice(11, 16)}` : date;
}

export const words = (name) => name.replaceAll("_", " ");
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
