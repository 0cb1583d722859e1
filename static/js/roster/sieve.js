// Whom a roster shows and in which order: by standing, by name, and what comes first. What was chosen stays while the
// rows move.

import { arrange } from "./rows.js";

const ORDERS = {
  help: (one, other) => one.dataset.place - other.dataset.place,
  name: (one, other) => nameOf(one).localeCompare(nameOf(other), undefined, { numeric: true }),
  progress: (one, other) => other.dataset.done - one.dataset.done,
};
const SHOWS = {
  all: () => true,
  hand: (row) => "hand" in row.dataset,
};

const nameOf = (row) => row.cells[0].textContent.trim();
const isShown = (row, what) => (SHOWS[what] ?? (() => row.dataset.standing === what))(row);

export class Sieve {
  #shown;
  #chips;
  #find;
  #first;
  #nobody = document.querySelector("[data-nobody]");
  #what = "all";

  constructor(tools, shown) {
    this.#shown = shown;
    this.#chips = [...tools.querySelectorAll("[data-show]")];
    this.#find = tools.querySelector("[data-find]");
    this.#first = tools.querySelector("[data-first]");
    for (const chip of this.#chips) {
      chip.addEventListener("click", () => {
        this.#what = chip.dataset.show;
        this.sift();
      });
    }
    this.#find.addEventListener("input", () => this.sift());
    this.#first.addEventListener("change", () => this.sift());
    shown.querySelectorAll("tbody tr").forEach((row, place) => (row.dataset.place = place));
    tools.hidden = false;
    this.sift();
  }

  /** The rows are others now, or what is asked for is. */
  sift() {
    const body = this.#shown.querySelector(".roster")?.tBodies[0];
    const rows = body ? [...body.rows] : [];
    const sums = this.#shown.querySelector("[data-sums]");
    if (sums) sums.hidden = true; // the chips say it
    for (const chip of this.#chips) {
      const count = rows.filter((row) => isShown(row, chip.dataset.show)).length;
      chip.querySelector("b").textContent = count;
      chip.toggleAttribute("data-some", count > 0);
      chip.setAttribute("aria-pressed", chip.dataset.show === this.#what);
    }
    const wanted = this.#find.value.trim().toLocaleLowerCase();
    for (const row of rows) {
      row.hidden = !(isShown(row, this.#what) && nameOf(row).toLocaleLowerCase().includes(wanted));
    }
    if (body) arrange(body, rows.toSorted(this.#order));
    this.#nobody.hidden = rows.length === 0 || rows.some((row) => !row.hidden);
  }

  get #order() {
    const chosen = ORDERS[this.#first.value] ?? ORDERS.help;
    return (one, other) => chosen(one, other) || ORDERS.help(one, other);
  }
}
