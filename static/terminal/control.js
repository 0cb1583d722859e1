// Keys that a touch screen has not got: the ones with names, and a Ctrl that waits for the key it is meant for.

const ARROWS = { ArrowUp: "A", ArrowDown: "B", ArrowRight: "C", ArrowLeft: "D" };
const NAMED = { Escape: "\x1b", Tab: "\t" };
const WITH_CONTROL = /^[a-z@[\\\]^_ ]$/i;

/** What a terminal sends for the key of that name. `application`: a program has asked for the arrows' other codes. */
export const sequence = (name, { control, application }) => {
  if (name in NAMED) return NAMED[name];
  if (control) return `\x1b[1;5${ARROWS[name]}`;
  return `\x1b${application ? "O" : "["}${ARROWS[name]}`;
};

export class Control {
  held = false;
  #tell;

  /** `tell(held)` is called with each change. */
  constructor(tell) {
    this.#tell = tell;
  }

  hold(held) {
    if (held === this.held) return;
    this.held = held;
    this.#tell(held);
  }

  /** What was typed, with Ctrl if that is held; it is let go then. */
  take(text) {
    if (!this.held) return text;
    this.hold(false);
    return WITH_CONTROL.test(text) ? String.fromCharCode(text.toUpperCase().charCodeAt(0) & 0x1f) : text;
  }
}
