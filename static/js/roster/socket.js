// The socket of a roster: says when to ask, and finds its way back by itself.

const TOO_MANY = 4429; // close code: the teacher has many rosters open; this one asks by itself
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;

export class Socket extends EventTarget {
  #path;
  #socket = null;
  #pause = FIRST_PAUSE;

  constructor(path) {
    super();
    this.#path = path;
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** `changed` is dispatched also whenever the socket has come or gone: something may have been missed. */
  connect() {
    const address = new URL(this.#path, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    this.#socket = new WebSocket(address);
    this.#socket.addEventListener("open", () => {
      this.#pause = FIRST_PAUSE;
      this.#changed();
    });
    this.#socket.addEventListener("message", () => this.#changed());
    this.#socket.addEventListener("close", ({ code }) => {
      this.#changed();
      if (code === TOO_MANY) return;
      setTimeout(() => this.connect(), this.#pause * (0.5 + Math.random()));
      this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
    });
  }

  #changed() {
    this.dispatchEvent(new CustomEvent("changed"));
  }
}
