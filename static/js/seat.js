// The terminal's bar and notices: what the connection and the seat are doing, more time, a fresh seat.

import { setText } from "./text.js";
import { tokenHeaders } from "./token.js";
import { say } from "./words.js";

const MINUTE = 60_000;
const TICK = 5_000;

/** State, notice and explanation for a terminal that is closed for good, by why it is. */
const ENDED = {
  idle: () => [say("ended"), "ended", say("ended-idle")],
  time: () => [say("ended"), "ended", say("ended-time")],
  teacher: () => [say("ended"), "ended", say("ended-teacher")],
  "signed-out": () => [say("signed-out-short"), "ended", say("signed-out")],
  "too-many": () => [say("too-many-short"), "too-many", say("too-many")],
};

/** Which place it is, whether the class or the machine is full, and for how long, where that is known. */
function inQueue({ position, minutes, limit }) {
  const place = limit ? say("queue-class", { position, limit }) : say("queue", { position });
  if (!minutes) return place;
  return `${place} ${inTime(minutes)}`;
}

function inTime(minutes) {
  if (minutes >= 120) return say("queue-hours", { hours: Math.ceil(minutes / 60) });
  return minutes > 1 ? say("queue-minutes", { minutes }) : say("queue-minute");
}

/** Raises an Error with a sentence for the learner. */
async function post(path) {
  let error;
  try {
    const response = await fetch(path, { method: "POST", headers: tokenHeaders() });
    if (response.ok) return;
    ({ error } = await response.json());
  } catch {
    // No server, or a page where an answer should be.
  }
  throw new Error(error ?? say("failed"));
}

/** Draws what `terminal` tells of its connection and its seat. */
export class Seat {
  #pane;
  #terminal;
  #endsAt = null; // known once the end is near
  #resetting = false;

  constructor(pane, terminal) {
    this.#pane = pane;
    this.#terminal = terminal;
    terminal.addEventListener("state", ({ detail }) => this.#connection(detail));
    terminal.addEventListener("notice", ({ detail }) => this.#notice(detail));
    pane.querySelector("[data-extend]").addEventListener("click", () => this.#extend());
    for (const button of pane.querySelectorAll("[data-renew]")) {
      button.addEventListener("click", () => {
        this.#terminal.reconnect();
        this.#terminal.focus(); // the button goes away
      });
    }
    this.#startReset();
    setInterval(() => this.#countDown(), TICK);
  }

  #connection(state) {
    if (state === "connecting") this.#show("connecting", say("connecting"));
    if (state === "reconnecting") this.#show("reconnecting", say("reconnecting"));
  }

  #notice({ kind, ...fields }) {
    const draw = {
      starting: () => this.#show("waiting", say("starting")),
      queue: () => this.#show("waiting", say("queue-short", fields), "queue", inQueue(fields)),
      live: () => this.#show("open", say("open")),
      seat: () => {
        this.#endsAt = fields.soon ? Date.parse(fields.ends_at) : null;
        this.#countDown();
      },
      engine: () => {
        if (fields.alive) this.#show("connecting", say("connecting"));
        else this.#show("away", say("engine-gone-short"), "engine", say("engine-gone"));
      },
      ended: () => {
        this.#endsAt = null;
        this.#countDown();
        this.#show("ended", ...(ENDED[fields.why]?.() ?? [say("ended"), "ended", say("ended-why")]));
        if (this.#resetting) this.#terminal.reconnect();
        this.#resetting = false;
      },
    };
    draw[kind]?.();
  }

  /** The state in the bar, and at most one notice that explains it, beside the one about time. */
  #show(state, text, notice = "", explanation = "") {
    const line = this.#pane.querySelector("[data-state]");
    line.dataset.state = state;
    setText(line.querySelector("[data-state-text]"), text);
    for (const box of this.#pane.querySelectorAll("[data-notice]")) {
      if (box.dataset.notice === "time") continue;
      box.hidden = box.dataset.notice !== notice;
      if (!box.hidden) setText(box.querySelector("[data-notice-text]"), explanation);
    }
  }

  #countDown() {
    const box = this.#pane.querySelector('[data-notice="time"]');
    box.hidden = this.#endsAt === null;
    if (box.hidden) return;
    const minutes = Math.ceil((this.#endsAt - Date.now()) / MINUTE);
    const text = minutes > 1 ? say("ends-soon", { minutes }) : say("ends-now");
    setText(box.querySelector("[data-notice-text]"), text);
  }

  async #extend() {
    try {
      await post("/seat/extend/");
      this.#endsAt = null;
      this.#countDown();
      this.#terminal.focus();
    } catch (error) {
      setText(this.#pane.querySelector('[data-notice="time"] [data-notice-text]'), error.message);
    }
  }

  #startReset() {
    const dialog = this.#pane.querySelector("[data-reset-dialog]");
    this.#pane.querySelector('[data-tool="reset"]').addEventListener("click", () => dialog.showModal());
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "reset") return;
      dialog.returnValue = "";
      this.renew();
    });
  }

  /** Give this seat back and take a fresh one; it is there when the terminal is live again. */
  async renew() {
    const ended = new Promise((resolve) => {
      const hear = ({ detail }) => {
        if (detail.kind !== "ended") return;
        this.#terminal.removeEventListener("notice", hear);
        resolve();
      };
      this.#terminal.addEventListener("notice", hear);
    });
    this.#resetting = true;
    try {
      await post("/seat/end/");
    } catch (error) {
      this.#resetting = false;
      this.#show("open", error.message);
      return;
    }
    await ended;
  }
}
