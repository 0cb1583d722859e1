// The seat's terminals: the first, which is always there, and further ones in tabs. The server knows which are open, and
// tells so on the first one; what is asked of "the terminal" is asked of the one on show.

import { openTerminal } from "../terminal/terminal.js";
import { say } from "./words.js";

const FIRST = 1;
const MOST = 4; // of a seat (playground/terminal/shells.py)
const ownUrl = (number) => (number === FIRST ? "/ws/terminal/" : `/ws/terminals/${number}/`);
const FORWARDED = ["leave", "search", "prompt", "bell", "control"];

export class Terminals extends EventTarget {
  #pane;
  #options;
  #shells = new Map(); // number -> {terminal, screen, tab, opening}
  #shown = FIRST;

  constructor(pane, options) {
    super();
    this.#pane = pane;
    this.#options = { urlOf: ownUrl, ...options };
    const screen = pane.querySelector("[data-terminal]");
    this.#add(FIRST, screen, openTerminal(screen, this.#optionsFor(FIRST)));
    this.first.addEventListener("notice", ({ detail }) => {
      if (detail.kind === "terminals" || (detail.kind === "learner" && detail.here)) this.#match(detail.open);
      if (detail.kind === "ended") this.#match([FIRST], { all: true });
    });
    this.#plus?.addEventListener("click", () => this.#openNext());
    pane.querySelector("[data-shells]").addEventListener("keydown", (event) => this.#key(event));
  }

  get first() {
    return this.#shells.get(FIRST).terminal;
  }

  get current() {
    return this.#shells.get(this.#shown).terminal;
  }

  /** Type a command and Enter into that terminal, which is opened if it is not there. Resolves when it has run. */
  run(command, number = FIRST) {
    this.show(number);
    return this.current.run(command);
  }

  /** Bring that terminal to the front. */
  show(number) {
    if (!this.#shells.has(number)) this.#open(number);
    this.#shown = number;
    this.#draw();
  }

  focus() {
    this.current.focus();
  }

  setTheme(dark) {
    this.#options.dark = dark;
    this.#each((terminal) => terminal.setTheme(dark));
  }

  setFontSize(pixels) {
    this.#options.fontSize = pixels;
    this.#each((terminal) => terminal.setFontSize(pixels));
  }

  setScreenReader(on) {
    this.#options.screenReader = on;
    this.#each((terminal) => terminal.setScreenReader(on));
  }

  findNext(text) {
    return this.current.findNext(text);
  }

  findPrevious(text) {
    return this.current.findPrevious(text);
  }

  clearSearch() {
    this.current.clearSearch();
  }

  #each(act) {
    for (const { terminal } of this.#shells.values()) act(terminal);
  }

  #openNext() {
    for (let number = FIRST + 1; number <= MOST; number += 1) {
      if (this.#shells.has(number)) continue;
      this.show(number);
      this.focus();
      return;
    }
  }

  #open(number, opening = true) {
    const screen = document.createElement("div");
    screen.className = "terminal__screen";
    screen.id = `shell-${number}`;
    this.#pane.querySelector("[data-screens]").append(screen);
    const terminal = openTerminal(screen, this.#optionsFor(number));
    this.#add(number, screen, terminal, opening);
    terminal.addEventListener("notice", ({ detail }) => {
      if (detail.kind === "live") this.#shells.get(number).opening = false;
      if (detail.why === "too-many") terminal.note(say("too-many"));
    });
    terminal.addEventListener("state", ({ detail }) => {
      if (detail === "closed") this.#drop(number);
    });
    this.#draw();
  }

  #add(number, screen, terminal, opening = false) {
    const tab = this.#pane.querySelector("[data-shell-tab]").content.cloneNode(true).firstElementChild;
    const name = tab.querySelector("[data-shell-name]");
    const close = tab.querySelector("[data-shell-close]");
    name.textContent = say("terminal-number", { number });
    name.id = `shell-tab-${number}`;
    name.setAttribute("aria-controls", screen.id);
    name.addEventListener("click", () => {
      this.show(number);
      this.focus();
    });
    if (number === FIRST || this.#options.visitor) close.remove();
    else {
      close.setAttribute("aria-label", say("close-terminal", { number }));
      close.addEventListener("click", () => terminal.hangUp());
    }
    screen.setAttribute("role", "tabpanel");
    screen.setAttribute("aria-label", name.textContent);
    this.#shells.set(number, { terminal, screen, tab, opening });
    const after = [...this.#shells.keys()].filter((other) => other > number).sort()[0];
    this.#pane.querySelector("[data-shells]").insertBefore(tab, this.#shells.get(after)?.tab ?? null);
    for (const event of FORWARDED) {
      terminal.addEventListener(event, ({ detail }) => this.dispatchEvent(new CustomEvent(event, { detail })));
    }
  }

  /** As the server says: one that was opened or closed elsewhere is so here too. One that is being opened is not there
   * yet, unless `all` are meant. */
  #match(open, { all = false } = {}) {
    for (const number of open) if (!this.#shells.has(number)) this.#open(number, false);
    for (const [number, { opening }] of [...this.#shells]) {
      if (!open.includes(number) && (all || !opening)) this.#drop(number);
    }
  }

  #drop(number) {
    const shell = this.#shells.get(number);
    if (!shell || number === FIRST) return;
    const hadFocus = shell.screen.contains(document.activeElement) || shell.tab.contains(document.activeElement);
    this.#shells.delete(number);
    shell.terminal.dispose();
    shell.screen.remove();
    shell.tab.remove();
    if (this.#shown === number) this.#shown = FIRST;
    this.#draw();
    if (hadFocus) this.focus();
  }

  #draw() {
    const several = this.#shells.size > 1;
    this.#pane.querySelector("[data-shells]").hidden = !several;
    if (this.#plus) this.#plus.disabled = this.#shells.size >= MOST;
    const names = [...this.#shells.keys()].sort().map((number) => `shell-tab-${number}`);
    this.#pane.querySelector("[data-shell-list]").setAttribute("aria-owns", names.join(" "));
    for (const [number, { screen, tab }] of this.#shells) {
      const shown = number === this.#shown;
      const name = tab.querySelector("[data-shell-name]");
      name.setAttribute("aria-selected", String(shown));
      name.tabIndex = shown ? 0 : -1;
      tab.toggleAttribute("data-shown", shown);
      screen.toggleAttribute("data-behind", !shown);
    }
  }

  /** In the row of tabs: arrows choose, Delete closes, Enter goes into the terminal (as a click does). */
  #key(event) {
    const numbers = [...this.#shells.keys()].sort();
    const place = numbers.indexOf(this.#shown);
    const to = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: numbers.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.show(numbers.at(to % numbers.length));
      this.#shells.get(this.#shown).tab.querySelector("[data-shell-name]").focus();
    } else if (event.key === "Delete" && this.#shown !== FIRST && !this.#options.visitor) {
      this.current.hangUp();
    }
  }

  /** None where somebody looks on. */
  get #plus() {
    return this.#pane.querySelector('[data-tool="new-terminal"]');
  }

  #optionsFor(number) {
    return { ...this.#options, url: this.#options.urlOf(number), say: this.#sayFor(number) };
  }

  /** A terminal's own words, with its number in its name for those who cannot see the tabs. */
  #sayFor(number) {
    return (name, values) =>
      name === "terminal" && number !== FIRST ? say("terminal-number", { number }) : say(name, values);
  }
}
