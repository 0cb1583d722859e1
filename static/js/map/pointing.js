// Pointing at things: by hover, or by focus with one stop of the Tab key and arrows from there. What is pointed at is
// explained, and what belongs to it lights up; a click brings the command that lists it into the terminal.

import { setText } from "../text.js";
import { say } from "../words.js";
import { aboutOf } from "./draw.js";
import { explain } from "./explain.js";

const KEYS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class Pointing {
  #map;
  #stage;
  #says;
  #spot = ""; // where the pointer was

  constructor(map, { put }) {
    this.#map = map;
    this.#stage = map.querySelector("[data-map-stage]");
    this.#says = map.querySelector("[data-map-says]");
    this.#stage.addEventListener("pointerover", (event) => this.#hover(event));
    this.#stage.addEventListener("pointerleave", () => this.#point(this.#focused));
    this.#stage.addEventListener("focusin", ({ target }) => this.#focus(target));
    this.#stage.addEventListener("focusout", () => this.#point(null));
    this.#stage.addEventListener("keydown", (event) => this.#key(event));
    this.#stage.addEventListener("click", ({ target }) => {
      const thing = target.closest(".thing");
      if (thing) put(explain(this.#what(thing)).command);
    });
    this.#point(null);
  }

  /** The names of an image's plate. */
  names(plate) {
    return aboutOf(plate).names;
  }

  /** Which thing has the focus, before all are drawn anew. */
  keep() {
    return this.#focused?.dataset.key;
  }

  restore(key) {
    const again = key && this.#stage.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (again && again !== this.#focused) again.focus({ preventScroll: true });
    const things = this.#things(); // none while the map is folded away
    if (things.length && !things.some((thing) => thing.tabIndex === 0)) things[0].tabIndex = 0;
    if (!again && this.#map.hasAttribute("data-pointing")) this.#point(null);
  }

  /** `meter`: [used, limit], or undefined where nobody knows. */
  measure(button, meter) {
    button.hidden = !meter;
    if (!meter) return;
    const [used, limit] = meter;
    const share = Math.min(1, used / limit);
    button.querySelector(".map__bar").style.setProperty("--share", share);
    button.dataset.level = share >= 1 ? "full" : share >= 0.8 ? "near" : "";
  }

  get #focused() {
    return document.activeElement?.closest?.(".thing") ?? null;
  }

  #things() {
    return [...this.#stage.querySelectorAll(".thing")].filter((thing) => thing.offsetParent);
  }

  #what(thing) {
    const { key } = thing.dataset;
    if (!key.startsWith("meter:")) return aboutOf(thing) ?? { kind: key };
    const name = key.split(":")[1];
    const row = document.querySelector(`[data-meter="${name}"]`); // the budget has its words
    return {
      kind: "meter",
      name: row.querySelector(".budget__name").textContent,
      value: row.querySelector("[data-value]").textContent,
      command: row.querySelector("code").textContent,
    };
  }

  /** Also told of a pointer that lies still while things move beneath it; that one means nothing. */
  #hover({ target, screenX, screenY }) {
    const spot = `${screenX},${screenY}`;
    if (spot === this.#spot) return;
    this.#spot = spot;
    this.#point(target.closest(".thing") ?? this.#focused);
  }

  #focus(thing) {
    for (const other of this.#stage.querySelectorAll('.thing[tabindex="0"]')) other.tabIndex = -1;
    thing.tabIndex = 0;
    this.#point(thing);
  }

  #point(thing) {
    for (const lit of this.#stage.querySelectorAll("[data-lit]")) lit.removeAttribute("data-lit");
    this.#map.toggleAttribute("data-pointing", Boolean(thing));
    if (!thing) {
      setText(this.#says, say("map-hint"));
      return;
    }
    const { text, command } = explain(this.#what(thing));
    setText(this.#says, `${text} ${say("map-put", { command: `\`${command}\`` })}`);
    for (const one of this.#along(thing)) one.dataset.lit = "";
  }

  /** It and all that belongs to it, whichever of both says so. */
  #along(thing) {
    const keys = (one) => (one.dataset.along ?? "").split(" ");
    const mine = keys(thing);
    return this.#things().filter(
      (one) => one === thing || mine.includes(one.dataset.key) || keys(one).includes(thing.dataset.key),
    );
  }

  #key(event) {
    const things = this.#things();
    const place = things.indexOf(event.target.closest(".thing"));
    if (place < 0) return;
    const to = event.key in KEYS ? place + KEYS[event.key] : { Home: 0, End: things.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    things[(to + things.length) % things.length].focus();
  }
}
