// The live map over the terminal: what the learner's seat has, and the way that each command takes.

import { startSplitter } from "../splitter.js";
import { setText } from "../text.js";
import { say } from "../words.js";
import { Drawing } from "./draw.js";
import { phrase } from "./explain.js";
import { startFold } from "./fold.js";
import { History } from "./history.js";
import { Pointing } from "./pointing.js";
import { Way } from "./way.js";

const ROOMS = ["ample", "snug", "tight"]; // for each thing (mapthings.css)

const SETTLED = 500; // milliseconds

export class LiveMap {
  #map;
  #drawing;
  #way;
  #pointing;
  #history = new History();
  #hub = [];
  #back = null; // the entry that is looked back at; null: now
  #shown = new Set(); // keys of the last drawing
  #coming = new Set(); // keys of what a step of the way is still to bring
  #drawn = ""; // what it was made from
  #telling = new Map(); // moment's number -> the timer until it is said
  #told = new Map(); // moment's number -> how many of its steps were said

  /** `put(command)` brings a command into the terminal. */
  constructor(pane, { put }) {
    this.#map = pane.querySelector("[data-map]");
    const icons = [...this.#map.querySelectorAll("template[data-map-icon]")];
    const parts = icons.map((one) => [one.dataset.mapIcon, one.content.firstElementChild]);
    this.#drawing = new Drawing(Object.fromEntries(parts));
    this.#way = new Way(this.#part("stage"), (step) => this.#find(step));
    this.#pointing = new Pointing(this.#map, { put });
    startFold(pane, this.#map);
    startSplitter(this.#part("divider"), "mapheight", { box: pane, part: this.#map });
    const sizes = new ResizeObserver(() => {
      this.#fit();
      this.#letScroll();
    });
    sizes.observe(this.#part("shelf").parentElement);
    this.#part("back").addEventListener("input", ({ target }) => this.#lookAt(Number(target.value)));
    this.#part("now").addEventListener("click", () => this.#lookAt(this.#history.entries.length - 1));
    this.#part("again").addEventListener("click", () => this.#again());
    this.#showMoment();
  }

  /** What the server tells (playground/map/board.py). */
  take(update) {
    this.#hub = update.hub;
    this.#history.take(update);
    if (this.#back && !this.#history.entries.includes(this.#back)) this.#back = null;
    this.#slide();
    for (const moment of update.moments) this.#tell(moment);
    if (this.#back) return;
    const steps = update.moments.flatMap((moment) => moment.steps);
    this.#draw(this.#history.picture, Way.still ? [] : steps);
    if (update.moments.length || !this.#history.last) this.#play();
  }

  /** The budget's meters: name -> [used, limit]. */
  measure(meters) {
    for (const button of this.#part("meters").children) {
      this.#pointing.measure(button, meters[button.dataset.key.split(":")[1]]);
    }
  }

  #part(name) {
    return this.#map.querySelector(`[data-map-${name}]`);
  }

  #draw(picture, coming = []) {
    const drawn = JSON.stringify([picture, this.#hub]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const shelf = this.#part("shelf");
    const focused = this.#pointing.keep();
    const seen = picture ?? { stacks: [], networks: [], volumes: [] };
    shelf.replaceChildren(...this.#drawing.stacks(seen));
    shelf.dataset.empty = seen.stacks.length ? "" : say(picture ? "map-empty" : "map-no-seat");
    this.#part("rails").replaceChildren(...this.#drawing.rails(seen));
    this.#part("hub").replaceChildren(...this.#drawing.offers(this.#hub, picture));
    this.#fit();
    this.#markFresh(coming);
    this.#pointing.restore(focused);
  }

  /** Each thing gets less room where they would not all be seen. */
  #fit() {
    const shelf = this.#part("shelf");
    for (const room of ROOMS) {
      this.#map.dataset.room = room;
      if (shelf.scrollHeight <= shelf.clientHeight) return;
    }
  }

  /** What was not there before lands, or waits for the step that brings it. */
  #markFresh(coming) {
    const things = [...this.#part("stage").querySelectorAll("[data-key]")];
    const awaited = new Set(coming.map((step) => this.#find(step)));
    for (const thing of things) {
      const { key } = thing.dataset;
      const fresh = this.#shown.size && !this.#shown.has(key);
      if (fresh && awaited.has(thing)) this.#coming.add(key);
      if (fresh || this.#coming.has(key)) thing.dataset.fresh = this.#coming.has(key) ? "coming" : "";
    }
    this.#shown = new Set(things.map((thing) => thing.dataset.key));
  }

  #arrive(things) {
    for (const thing of things) {
      this.#coming.delete(thing.dataset.key);
      if (thing.dataset.fresh === "coming") thing.dataset.fresh = "";
    }
  }

  /** The element where a step happens; the shelf for what is not there. */
  #find({ at, about, word }) {
    const stage = this.#part("stage");
    const byKey = (key) => stage.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (at === "hub") return byKey(`hub:${about}`)?.offsetParent ? byKey(`hub:${about}`) : byKey("hub");
    if (at === "image" && word !== "missing") return this.#plate(about) ?? this.#part("shelf");
    return byKey(at) ?? byKey(`${at}:${about}`) ?? this.#part("shelf");
  }

  #plate(name) {
    return [...this.#part("shelf").querySelectorAll(".plate")].find((plate) =>
      this.#pointing.names(plate).includes(name),
    );
  }

  get #entry() {
    return this.#back ?? this.#history.last;
  }

  async #play() {
    this.#showMoment();
    const entry = this.#history.last;
    if (!entry) return;
    const { number } = entry.moment;
    const steps = () => this.#history.entries.find(({ moment }) => moment.number === number)?.moment.steps ?? [];
    await this.#way.go(number, steps, (place) => this.#reach(steps()[place], place));
  }

  #reach(step, place) {
    const chips = [...this.#part("steps").children];
    for (const [at, chip] of chips.entries()) chip.dataset.step = at < place ? "past" : at === place ? "now" : "next";
    this.#scrollTo(chips[place]);
    const last = place === chips.length - 1;
    if (last) this.#coming.clear();
    this.#arrive(last ? this.#map.querySelectorAll('[data-fresh="coming"]') : [this.#find(step)]);
  }

  /** Within its line: the page itself stays where it is. */
  #scrollTo(chip) {
    const line = this.#part("steps");
    if (chip) line.scrollLeft = chip.offsetLeft - line.clientWidth / 2 + chip.offsetWidth / 2;
  }

  #showMoment() {
    const moment = this.#entry?.moment;
    const names = moment?.steps.map((step) => step.values.name).filter(Boolean) ?? [];
    setText(this.#part("command"), moment ? moment.command || names[0] : say("map-waiting"));
    this.#part("again").disabled = !moment;
    this.#map.toggleAttribute("data-refused", Boolean(moment && !moment.ok));
    const known = [...this.#part("steps").children];
    const chips = (moment?.steps ?? []).map((step, place) => {
      const chip = document.createElement("li");
      chip.className = "map__step";
      chip.textContent = phrase(step);
      const same = known[place]?.textContent === chip.textContent; // it has grown since it was begun
      chip.dataset.step = Way.still || this.#back ? "past" : same ? known[place].dataset.step : "next";
      return chip;
    });
    this.#part("steps").replaceChildren(...chips);
    this.#letScroll();
  }

  /** What does not fit can be scrolled by keyboard, too. */
  #letScroll() {
    const line = this.#part("steps");
    if (line.scrollWidth > line.clientWidth) line.tabIndex = 0;
    else line.removeAttribute("tabindex");
  }

  #slide() {
    const slider = this.#part("back");
    const { entries } = this.#history;
    slider.max = Math.max(0, entries.length - 1);
    slider.disabled = entries.length < 2;
    slider.value = this.#back ? entries.indexOf(this.#back) : slider.max;
    this.#part("now").disabled = !this.#back;
    const command = this.#entry?.moment.command || "";
    slider.ariaValueText = this.#back
      ? say("map-back", { place: entries.indexOf(this.#back) + 1, total: entries.length, command })
      : say("map-now");
  }

  #lookAt(place) {
    const { entries } = this.#history;
    this.#way.stop();
    this.#coming.clear();
    this.#back = place >= entries.length - 1 ? null : entries[place];
    this.#map.toggleAttribute("data-past", Boolean(this.#back));
    this.#slide();
    this.#draw(this.#entry?.picture ?? this.#history.picture);
    this.#showMoment();
    for (const chip of this.#part("steps").children) chip.dataset.step = "past";
  }

  #again() {
    const { moment } = this.#entry;
    this.#way.stop();
    this.#way.forget(moment.number);
    this.#way.go(
      moment.number,
      () => moment.steps,
      (place) => this.#reach(moment.steps[place], place),
    );
  }

  /** One line for each command, once nothing more comes of it, and for what happens later. */
  #tell(moment) {
    clearTimeout(this.#telling.get(moment.number));
    if (moment.done)
      this.#telling.set(
        moment.number,
        setTimeout(() => this.#say(moment), SETTLED),
      );
  }

  #say(moment) {
    const said = this.#told.get(moment.number) ?? 0;
    const steps = moment.steps.slice(said);
    if (!steps.length) return;
    this.#told.set(moment.number, moment.steps.length);
    const command = (!said && moment.command) || steps[0].values.name || moment.command;
    setText(this.#part("told"), say("map-told", { command, steps: steps.map(phrase).join(", ") }));
  }
}
