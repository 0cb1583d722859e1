// Narrow windows: one of lesson and terminal at a time, with a dot on the other when something happened there.

export class Panes {
  #desk;
  #tabs;

  constructor(desk, tabs) {
    this.#desk = desk;
    this.#tabs = tabs;
    tabs.addEventListener("click", (event) => {
      const tab = event.target.closest("[data-show]");
      if (tab) this.show(tab.dataset.show);
    });
  }

  get narrow() {
    return getComputedStyle(this.#tabs).display !== "none";
  }

  show(pane) {
    this.#desk.dataset.pane = pane;
    for (const tab of this.#tabs.querySelectorAll("[data-show]")) {
      const shown = tab.dataset.show === pane;
      tab.setAttribute("aria-pressed", String(shown));
      if (shown) delete tab.dataset.news;
    }
  }

  /** Something happened on that side; a dot says so if it is not the one that is shown. */
  news(pane) {
    if (this.#desk.dataset.pane !== pane) this.#tabs.querySelector(`[data-show="${pane}"]`).dataset.news = "";
  }
}
