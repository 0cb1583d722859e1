// Search in what the terminal has shown. The page draws the bar.

import { SearchAddon } from "@xterm/addon-search";

import { matches } from "./theme.js";

export class Search {
  #addon = new SearchAddon();
  #dark;

  constructor(terminal, dark) {
    this.#dark = dark;
    terminal.loadAddon(this.#addon);
  }

  /** True when there is a match; the next one, downwards or up, is selected and shown. */
  next(text) {
    return this.#addon.findNext(text, this.#options);
  }

  previous(text) {
    return this.#addon.findPrevious(text, this.#options);
  }

  clear() {
    this.#addon.clearDecorations();
  }

  setTheme(dark) {
    this.#dark = dark;
    this.clear();
  }

  get #options() {
    return { decorations: matches(this.#dark) };
  }
}
