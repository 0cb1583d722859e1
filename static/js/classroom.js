// What a lesson's page shows of the classroom: the raised hand, and what the teacher says. The server draws it; this
// fetches it anew when the bell rings, and posts the forms in it without leaving the page.

import { nameButtons } from "./commands.js";

export class Classroom {
  #place;

  constructor(desk) {
    this.#place = desk.querySelector("[data-classroom]");
    this.#place?.addEventListener("submit", (event) => {
      event.preventDefault();
      const { target, submitter } = event;
      this.#fetch(target.action, { method: "POST", body: new FormData(target, submitter) });
    });
  }

  /** Ask what there is now. */
  draw() {
    if (this.#place) this.#fetch(this.#place.dataset.classroom);
  }

  async #fetch(address, options) {
    try {
      const answer = await fetch(address, { headers: { accept: "text/html" }, ...options });
      if (answer.ok && !answer.redirected) this.#show(await answer.text());
    } catch {
      // Without a connection it stays as it is; the bell is rung again when the socket is back.
    }
  }

  #show(html) {
    const template = document.createElement("template");
    template.innerHTML = html; // names and messages in it are escaped by the server
    const held = this.#place.contains(document.activeElement);
    this.#place.replaceChildren(template.content);
    nameButtons(this.#place);
    if (held) this.#place.querySelector("button")?.focus();
  }
}
