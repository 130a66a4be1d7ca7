// How it has been, week by week; every picture is also told in words.

import { ask, el } from "./dom.js";
import { withKey } from "./confided.js";

export const title = "Pictures";

export async function show(place) {
  const { pictures, missing } = await ask(withKey("api/pictures"));
  if (missing) place.append(el("p", {}, missing));
  const drawn = pictures.filter((one) => one.words !== null);
  if (!drawn.length) place.append(el("p", {}, "There are no numbers yet; mood, a check-in or a listening drill brings some."));
  for (const one of drawn) place.append(figure(one, !missing));
}

function figure(one, canDraw) {
  const path = `api/pictures/${one.measure}.svg`;
  const picture = el("picture", {},
    el("source", { srcset: withKey(`${path}?dark`), media: "(prefers-color-scheme: dark)" }),
    el("img", { src: withKey(path), alt: `${one.title}, week by week; the text below tells the same`, width: 1200, height: 630 }));
  return el("figure", { class: "card" }, canDraw ? picture : el("h2", {}, one.title), el("figcaption", {}, one.words));
}
