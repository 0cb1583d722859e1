// The terminal's WebSocket, which comes back by itself.
//
// Events: "state" (detail: one of STATES), "frame" (detail: see frames.js), "opened" (a new socket: nothing that was
// said on an older one counts).

import { read, SUBPROTOCOL } from "./frames.js";

export const STATES = ["connecting", "queued", "starting", "open", "reconnecting", "ended", "closed"];

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 10_000;

// Close codes of the relay (playground/terminal/relay.py).
const STALLED = 4408;
const SEAT_ENDED = 4410;
const CLOSED = 4412; // by the learner
const TOO_MANY = 4429;

/** Codes after which the page says why, and tries again only when it is asked to. */
const SAID = { 4401: "signed-out", 4409: "visit-taken", 4413: "visit-over", [TOO_MANY]: "too-many" };

const STATE_AFTER = {
  queue: () => "queued",
  starting: () => "starting",
  live: () => "open",
  engine: ({ alive }) => (alive ? "starting" : "reconnecting"),
  ended: () => "ended",
};

export class Connection extends EventTarget {
  #url;
  #socket = null;
  #state = "connecting";
  #pause = FIRST_PAUSE;
  #timer = 0;
  #leaving = new AbortController();

  constructor(url) {
    super();
    this.#url = new URL(url, location.href);
    this.#url.protocol = this.#url.protocol.replace("http", "ws");
    const { signal } = this.#leaving;
    addEventListener("online", () => this.#hurry(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry(), { signal });
  }

  get state() {
    return this.#state;
  }

  /** Open a socket now; one that is open already is let go. */
  connect() {
    clearTimeout(this.#timer);
    this.#drop();
    this.#become(this.#state === "reconnecting" ? "reconnecting" : "connecting");
    const socket = new WebSocket(this.#url, SUBPROTOCOL);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.addEventListener("open", () => this.#tell("opened"));
    socket.addEventListener("message", ({ data }) => {
      if (socket === this.#socket) this.#take(read(data));
    });
    socket.addEventListener("close", ({ code }) => {
      if (socket === this.#socket) this.#closed(code);
    });
  }

  /** False when the frame could not be sent. */
  send(bytes) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(bytes);
    return true;
  }

  /** For good. */
  close() {
    clearTimeout(this.#timer);
    this.#leaving.abort();
    this.#drop();
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #take(frame) {
    const next = frame.type === "notice" && STATE_AFTER[frame.notice.kind]?.(frame.notice);
    if (next) this.#become(next);
    if (next === "open") this.#pause = FIRST_PAUSE;
    this.#tell("frame", frame);
  }

  #closed(code) {
    this.#socket = null;
    if (this.#state === "ended" || code === SEAT_ENDED) {
      this.#become("ended");
    } else if (code === CLOSED) {
      this.#become("closed");
    } else if (SAID[code]) {
      this.#take({ type: "notice", notice: { kind: "ended", why: SAID[code] } });
    } else {
      this.#become("reconnecting");
      // A hidden tab's screen is hardly ever drawn, so it falls behind again: it comes back when it is looked at.
      if (code !== STALLED || !document.hidden) this.#later();
    }
  }

  #later() {
    this.#timer = setTimeout(() => this.connect(), this.#pause * (0.5 + Math.random()));
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
  }

  /** The network is back, or the learner is: do not make them wait for the next try. */
  #hurry() {
    if (this.#state === "reconnecting" && !this.#socket) this.connect();
  }

  #become(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.#tell("state", state);
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
