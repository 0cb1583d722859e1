// A socket to the playground that finds its way back by itself.

// Close codes that may be final (playground/pages/consumers.py, roster_consumer.py); after any other it tries again.
export const LEFT = 4401; // the session has ended, on this page or on another: a reload asks who this is
export const TOO_MANY = 4429; // one has many pages of the kind open

const FIRST_PAUSE = 500; // milliseconds
const LONGEST_PAUSE = 10_000;

/**
 * Events:
 * - "connected": for the first time, or again; something may have been missed
 * - "message": detail is what the server has sent, a text
 * - "gone": detail is the close code
 */
export class Socket extends EventTarget {
  #path;
  #final;
  #socket = null;
  #pause = FIRST_PAUSE;

  /** It does not come back after the close code `final`. */
  constructor(path, { final }) {
    super();
    this.#path = path;
    this.#final = final;
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  connect() {
    const address = new URL(this.#path, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    this.#socket = new WebSocket(address);
    this.#socket.addEventListener("open", () => {
      this.#pause = FIRST_PAUSE;
      this.#tell("connected");
    });
    this.#socket.addEventListener("message", ({ data }) => this.#tell("message", data));
    this.#socket.addEventListener("close", ({ code }) => {
      this.#tell("gone", code);
      if (code === this.#final) return;
      setTimeout(() => this.connect(), this.#pause * (0.5 + Math.random()));
      this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
    });
  }

  /** False when the text could not be sent. */
  send(text) {
    if (!this.isOpen) return false;
    this.#socket.send(text);
    return true;
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
