// How much of the output has reached the screen; the relay sends no more than 256 KiB ahead of it.

import { credit } from "./frames.js";

const WORTH_SAYING = 32 * 1024;

/** One connection's account. A new connection starts a new one: what an old one had sent is owed to nobody. */
export class Credit {
  #send;
  #unwritten = 0;
  #owed = 0;

  constructor(send) {
    this.#send = send;
  }

  received(size) {
    this.#unwritten += size;
  }

  /** Said in large parts while output keeps coming, and in full when the screen has caught up. */
  written(size) {
    this.#unwritten -= size;
    this.#owed += size;
    if (this.#owed < WORTH_SAYING && this.#unwritten > 0) return;
    this.#send(credit(this.#owed));
    this.#owed = 0;
  }
}
