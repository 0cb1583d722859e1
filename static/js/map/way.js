// The way of a command over the map: from station to station, at a pace that an eye can follow.

const LONGEST = 6000; // milliseconds for a whole way
const STEP = 700;
const MOVE = 0.6; // of a step's time it moves; then it stays

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export class Way {
  #stage;
  #token;
  #find;
  #walk = null; // {number, place}: what is being shown
  #walked = new Map(); // number -> how many steps were shown

  /** `find(step)`: the element where it happens. */
  constructor(stage, find) {
    this.#stage = stage;
    this.#token = stage.querySelector("[data-map-token]");
    this.#find = find;
  }

  static get still() {
    return calm.matches;
  }

  /** Show the steps from the first one that was not shown. `steps()` may become more meanwhile; `reached(place)` is told
   * of each. Another way ends this one. False: it was ended so. */
  async go(number, steps, reached) {
    if (this.#walk?.number === number) return false; // it goes on by itself
    const walk = { number };
    this.#walk = walk;
    for (let place = this.#walked.get(number) ?? 0; place < steps().length; place += 1) {
      this.#walked.set(number, place + 1);
      if (!Way.still) await this.#move(steps()[place - 1], steps()[place], steps().length, () => this.#walk === walk);
      if (this.#walk !== walk) return false;
      reached(place);
    }
    this.stop();
    return true;
  }

  /** So that it is shown from its beginning. */
  forget(number) {
    this.#walked.delete(number);
  }

  stop() {
    this.#walk = null;
    this.#token.hidden = true;
  }

  async #move(from, to, length, current) {
    const time = Math.min(STEP, LONGEST / length);
    const target = this.#find(to);
    target.scrollIntoView({ block: "nearest", inline: "nearest" });
    const [there, here] = [this.#middle(target), this.#middle(from ? this.#find(from) : target)];
    this.#token.hidden = false;
    this.#token.dataset.word = to.word;
    const spot = ([x, y]) => `translate(${x}px, ${y}px)`;
    const moving = this.#token.animate([{ transform: spot(here) }, { transform: spot(there) }], {
      duration: from ? time * MOVE : 1,
      easing: "cubic-bezier(0.5, 0, 0.2, 1)",
      fill: "forwards",
    });
    await moving.finished;
    if (!current()) return;
    target.animate([{ boxShadow: "0 0 0 0 var(--map-glow)" }, { boxShadow: "0 0 0 8px transparent" }], {
      duration: 600,
    });
    await pause(time * (1 - MOVE));
  }

  #middle(element) {
    const box = element.getBoundingClientRect();
    const stage = this.#stage.getBoundingClientRect();
    return [box.x + box.width / 2 - stage.x, box.y + Math.min(box.height, 36) / 2 - stage.y];
  }
}
