// Help with a step: hints and the solution are told to the server when they are opened; catching up; beginning again.

import { ask } from "./ask.js";
import { Player } from "./player.js";
import { setText } from "./text.js";
import { say } from "./words.js";

const stepOf = (element) => element.closest("[data-step]").dataset.step;

export class Help {
  #desk;
  #progress;
  #seat;
  #player;
  #bar;

  constructor(desk, { progress, seat, terminals, showTerminal }) {
    this.#desk = desk;
    this.#progress = progress;
    this.#seat = seat;
    this.#player = new Player(terminals);
    this.#bar = document.querySelector("[data-playing]");
    this.#bar.querySelector("button").addEventListener("click", () => this.#player.stop());
    desk.addEventListener("toggle", ({ target }) => this.#opened(target), { capture: true }); // it does not bubble
    desk.addEventListener("click", ({ target }) => {
      const act = target.closest("[data-act]");
      if (act) this.#acts[act.dataset.act](stepOf(act));
    });
    progress.addEventListener("solution", ({ detail }) => this.#showSolution(detail));
    progress.addEventListener("again", () => location.reload());
    progress.addEventListener("script", ({ detail }) => {
      showTerminal();
      this.#play(detail.steps);
    });
    terminals.first.addEventListener("notice", ({ detail }) => {
      if (detail.kind === "ended") desk.dataset.fresh = "";
    });
  }

  #acts = {
    solution: (step) => this.#tell("solution", step),
    play: async (step) => {
      const where = await ask("play");
      if (!where) return;
      if (where === "fresh") await this.#seat.renew();
      this.#tell("play", step);
    },
    again: async (step) => {
      if (await ask("again")) this.#tell("again", step);
    },
    "again-lesson": async () => {
      const where = await ask("again-lesson");
      if (!where) return;
      if (where === "fresh") await this.#seat.renew();
      this.#tell("again", "");
    },
  };

  #tell(type, step) {
    return this.#progress.tell({ type, lesson: this.#desk.dataset.lesson, step });
  }

  #opened(details) {
    if (!details.matches(".hint") || !details.open || "opened" in details.dataset) return;
    details.dataset.opened = "";
    this.#tell("hint", stepOf(details));
  }

  #showSolution({ step, text }) {
    const box = this.#desk.querySelector(`.step[data-step="${CSS.escape(step)}"] [data-solution]`);
    box.querySelector("samp").textContent = text;
    box.hidden = false;
  }

  async #play(steps) {
    const line = this.#bar.querySelector("[data-playing-text]");
    const stop = this.#bar.querySelector("button");
    stop.disabled = false;
    this.#bar.hidden = false;
    const total = steps.length;
    try {
      await this.#player.play(
        steps,
        ({ title }, place) => setText(line, say("playing", { number: place + 1, total, title })),
        ({ id }) => this.#tell("played", id),
      );
      delete this.#desk.dataset.fresh;
      setText(line, say("played"));
    } catch {
      setText(line, say("play-stopped"));
    }
    stop.disabled = true;
    this.#tell("play", "");
    setTimeout(() => (this.#bar.hidden = true), 4000);
  }
}
