// Where prompts stand on the screen, and so where a command has ended and what it has printed.
//
// The shells of a seat and of busybox ask for the cursor's place (CSI 6 n) whenever they have printed a prompt, and erase
// what is behind it (CSI J) whenever they have drawn it anew. What else does so has no prompt on its line. Where something
// was typed ahead they do neither, and the seat's own prompt is known by its colour.

const PROMPT = /[$#>] $/;
const OWN = { text: /^\S+ \$ /, colour: 6 }; // of the seat's shell: images/seat/etc/shrc
const CURSOR = 6;
const MOST = 50;

export class Prompts {
  #terminal;
  #marks = [];

  /** `ready` is called when a prompt is there. */
  constructor(terminal, ready) {
    this.#terminal = terminal;
    terminal.parser.registerCsiHandler({ final: "n" }, ([what]) => {
      if (what === CURSOR && this.#atPrompt()) {
        this.#mark();
        ready();
      }
      return false; // xterm.js goes on with it
    });
    terminal.parser.registerCsiHandler({ final: "J" }, () => {
      if (this.#atPrompt()) this.#mark();
      return false;
    });
  }

  /** What the last command has printed so far, without the prompts around it; "" when there is nothing. */
  lastOutput() {
    const lines = this.#marks.filter(({ isDisposed }) => !isDisposed).map(({ line }) => line);
    const end = this.#cursorLine + 1;
    const starts = lines.at(-1) === this.#startOf(this.#cursorLine) ? lines : [...lines, end];
    for (let place = starts.length - 2; place >= 0; place -= 1) {
      const text = this.#text(this.#after(starts[place]), starts[place + 1]);
      if (text) return text;
    }
    return "";
  }

  get #buffer() {
    return this.#terminal.buffer.active;
  }

  get #cursorLine() {
    return this.#buffer.baseY + this.#buffer.cursorY;
  }

  #atPrompt() {
    const { cursorX } = this.#buffer;
    return PROMPT.test(this.#buffer.getLine(this.#cursorLine)?.translateToString(false, 0, cursorX) ?? "");
  }

  #mark() {
    const line = this.#startOf(this.#cursorLine);
    this.#marks = this.#marks.filter((mark) => !mark.isDisposed && mark.line !== line).slice(-MOST);
    const mark = this.#terminal.registerMarker(line - this.#cursorLine);
    if (mark) this.#marks.push(mark);
  }

  /** The first row of the line that this row belongs to. */
  #startOf(row) {
    while (row > 0 && this.#buffer.getLine(row)?.isWrapped) row -= 1;
    return row;
  }

  /** The first row behind the line that begins there: a long command goes on for some rows. */
  #after(row) {
    do row += 1;
    while (this.#buffer.getLine(row)?.isWrapped);
    return row;
  }

  #isOwn(row) {
    const line = this.#buffer.getLine(row);
    const cell = line.getCell(0);
    const coloured = cell?.isBold() && cell.isFgPalette() && cell.getFgColor() === OWN.colour;
    return !line.isWrapped && coloured && OWN.text.test(line.translateToString());
  }

  #text(from, to) {
    let text = "";
    for (let row = to - 1; row >= from; row -= 1) {
      if (this.#isOwn(row)) return this.#text(this.#after(row), to);
    }
    for (let row = from; row < to; row += 1) {
      const line = this.#buffer.getLine(row);
      text +=
        (line.isWrapped || row === from ? "" : "\n") +
        line.translateToString(!this.#buffer.getLine(row + 1)?.isWrapped);
    }
    return text.trimEnd();
  }
}
