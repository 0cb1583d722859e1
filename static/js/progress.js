// The progress socket: tells the server which step is open, hears of ticks, and finds its way back by itself.

const LEFT = 4401; // close code: the learner has left, on this page or on another
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;

export class Progress extends EventTarget {
  #socket = null;
  #pause = FIRST_PAUSE;
  #open = null;

  connect() {
    const address = new URL("/ws/progress/", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    this.#socket = new WebSocket(address);
    this.#socket.addEventListener("open", () => {
      this.#pause = FIRST_PAUSE;
      if (this.#open) this.tell(this.#open);
      this.dispatchEvent(new CustomEvent("connected"));
    });
    this.#socket.addEventListener("message", ({ data }) => {
      const message = JSON.parse(data);
      this.dispatchEvent(new CustomEvent(message.type, { detail: message }));
    });
    this.#socket.addEventListener("close", ({ code }) => {
      if (code === LEFT) {
        location.reload();
        return;
      }
      setTimeout(() => this.connect(), this.#pause * (0.5 + Math.random()));
      this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
    });
  }

  /** The step that the learner looks at; said again whenever the socket comes back. */
  open(lesson, step) {
    this.#open = { type: "open", lesson, step };
    this.tell(this.#open);
  }

  /** False while there is no connection: the learner is asked to try again. */
  answer(lesson, step, key, given) {
    return this.tell({ type: "answer", lesson, step, key, given });
  }

  /** Any message that playground/pages/messages.py has; false while there is no connection. */
  tell(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }
}
