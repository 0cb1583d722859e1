// The buttons by which the two of a visit agree on typing: each says its word, and shows in the states that it names.

export class Consent {
  #buttons;

  constructor(place, terminals) {
    this.#buttons = [...place.querySelectorAll("[data-consent]")];
    for (const button of this.#buttons) {
      button.addEventListener("click", () => terminals.first.consent(button.dataset.consent));
    }
  }

  /** `state`: "no", "asked" or "yes" of the typing; any other word leaves no button. */
  show(state) {
    for (const button of this.#buttons) button.hidden = !button.dataset.when.split(" ").includes(state);
  }

  focus() {
    this.#buttons.find((button) => !button.hidden)?.focus();
  }
}
