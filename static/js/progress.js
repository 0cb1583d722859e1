// What a lesson's page and the server tell each other of progress: which step is open, and what has been ticked.

import { LEFT, Socket } from "./socket.js";

export class Progress extends EventTarget {
  #socket = new Socket("/ws/progress/", { final: LEFT });
  #open = null;

  connect() {
    this.#socket.addEventListener("connected", () => {
      if (this.#open) this.tell(this.#open);
      this.dispatchEvent(new CustomEvent("connected"));
    });
    this.#socket.addEventListener("message", ({ detail }) => {
      const message = JSON.parse(detail);
      this.dispatchEvent(new CustomEvent(message.type, { detail: message }));
    });
    this.#socket.addEventListener("gone", ({ detail }) => {
      if (detail === LEFT) location.reload();
    });
    this.#socket.connect();
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
    return this.#socket.send(JSON.stringify(message));
  }
}
