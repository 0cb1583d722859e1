// What a lesson's page shows of the classroom: the raised hand, and what the teacher says. The server draws it; this
// fetches it anew when the bell rings, and posts the forms in it without leaving the page.

import { nameButtons } from "./commands.js";
import { fetchPart, putPart } from "./part.js";

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
    const html = await fetchPart(address, options);
    if (html === null) return; // it stays as it is; the bell is rung again when the socket is back
    putPart(this.#place, html);
    nameButtons(this.#place);
  }
}
