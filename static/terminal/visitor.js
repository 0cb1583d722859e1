// What is different where somebody looks on at another's terminal: it has the size of the learner's window, and takes keys
// only while the learner agrees.

const LARGEST = 18; // pixels of the text
const SMALLEST = 10; // below it nothing can be read: one scrolls to what does not fit

export class Visitor {
  #terminal;
  #element;
  #mayType = false;

  constructor(terminal, element) {
    this.#terminal = terminal;
    this.#element = element;
    terminal.options.disableStdin = true;
  }

  get mayType() {
    return this.#mayType;
  }

  /** `notice`: what the relay tells of the learner's terminal. */
  take({ typing, columns, rows }) {
    this.#mayType = typing === "yes";
    this.#terminal.options.disableStdin = !this.#mayType;
    if (columns && rows) this.#terminal.resize(columns, rows);
    this.fit();
  }

  /** As large as the learner's columns and rows fit in. */
  fit() {
    const screen = this.#element.querySelector(".xterm-screen");
    if (!screen?.clientWidth || !this.#element.clientWidth) return;
    const { fontSize } = this.#terminal.options;
    const room = Math.min(
      this.#element.clientWidth / screen.clientWidth,
      this.#element.clientHeight / screen.clientHeight,
    );
    const size = Math.max(SMALLEST, Math.min(LARGEST, Math.floor(2 * fontSize * room) / 2));
    if (size !== fontSize) this.#terminal.options.fontSize = size;
  }
}
