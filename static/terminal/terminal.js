// A seat's terminal in an element of the page. What the page may call and hear of is the class below, and LEAVE_KEY.

import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";

import { copySelection, letProgramsCopy, Paste } from "./clipboard.js";
import { Connection } from "./connection.js";
import { Control, sequence } from "./control.js";
import { Credit } from "./credit.js";
import { keepFitting } from "./fitting.js";
import { consent, hangUp, input, resize } from "./frames.js";
import { keyHandler, LEAVE_KEY } from "./keys.js";
import { links } from "./links.js";
import { withNonce } from "./nonce.js";
import { Prompts } from "./prompts.js";
import { Search } from "./search.js";
import { colours, CONTRAST } from "./theme.js";
import { Visitor } from "./visitor.js";
import { say } from "./words.js";

export { LEAVE_KEY };

/** Options: url, dark, fontSize, screenReader, visitor (it is another's terminal), describedBy (id of what tells the way
 * out), and the page's own `say` (see words.js) and `address` (where a link leads). */
export const openTerminal = (element, options) => new PlaygroundTerminal(element, options);

const SCROLLBACK = 5000; // lines; what a reload brings back (playground/terminal/line.py)
const RESET = "\x1bc";
const TYPED_AHEAD = ["starting", "open"]; // states in which a shell is there or about to be
// The shell asks at each prompt where its cursor is, takes for keys what comes late, and does well without.
const CURSOR_AT = /^\x1b\[\d+;\d+R$/;
const ANSWER = /^\x1b(?:\[[?>]?[\d;]*[Rcn]|[P\]])/; // what a terminal says of itself when it is asked
const CLEAR_LINE = "\x05\x15"; // to its end, then all before: whatever was typed by half

/**
 * Events:
 * - "state": detail is "connecting", "queued", "starting", "open", "reconnecting", "ended" or "closed"
 * - "notice": detail is what the relay tells (docs/explanation/terminal.md), such as {kind: "queue", position: 2}
 * - "opened": a new socket; what was said on an older one does not hold any more
 * - "live": what is typed arrives from now on
 * - "output": what the terminal shows, as bytes
 * - "prompt": a shell waits for a command; what ran before has ended
 * - "bell": a program wants to be noticed
 * - "control": detail is whether Ctrl is held for the next key
 * - "search": the learner wants to search
 * - "leave": the learner has left with LEAVE_KEY; the page moves the focus on
 */
export class PlaygroundTerminal extends EventTarget {
  #terminal;
  #connection;
  #credit = null;
  #fit = new FitAddon();
  #search;
  #paste;
  #prompts;
  #control = new Control((held) => this.#tell("control", held));
  #say;
  #visitor = null;
  #live = false; // what is typed arrives: a shell is attached and its scrollback is on the screen
  #replaying = false; // the scrollback is being written: see #hear
  #waiting = []; // what was typed ahead of a shell that is starting
  #stopFitting;

  constructor(element, options = {}) {
    super();
    const { url = "/ws/terminal/", dark = false, fontSize = 14, screenReader = false } = options;
    const { say: pageSay = say, address = (text) => text, describedBy = "" } = options;
    const { addon, handler } = links(address);
    this.#say = pageSay;
    this.#terminal = new Terminal({
      allowProposedApi: true, // the search addon's decorations
      cursorBlink: true,
      fontSize,
      linkHandler: handler,
      minimumContrastRatio: CONTRAST,
      screenReaderMode: screenReader,
      scrollback: SCROLLBACK,
      theme: colours(dark),
    });
    this.#search = new Search(this.#terminal, dark);
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.loadAddon(addon);
    letProgramsCopy(this.#terminal, () => this.#live && !this.#visitor);
    this.#terminal.attachCustomKeyEventHandler(
      keyHandler({
        copy: () => copySelection(this.#terminal),
        search: () => this.#tell("search"),
        leave: () => this.#leave(),
      }),
    );
    withNonce(() => this.#terminal.open(element));
    this.#terminal.textarea.setAttribute("aria-label", this.#say("terminal"));
    if (describedBy) this.#terminal.textarea.setAttribute("aria-describedby", describedBy);
    this.#prompts = new Prompts(this.#terminal, () => this.#tell("prompt"));
    this.#terminal.onBell(() => this.#live && this.#tell("bell"));
    this.#paste = new Paste(element, this.#terminal, this.#say);
    if (options.visitor) this.#visitor = new Visitor(this.#terminal, element);
    this.#stopFitting = keepFitting(element, this.#terminal, () => this.fit());
    this.#connection = new Connection(url);
    this.#listen();
    this.#connection.connect();
  }

  get state() {
    return this.#connection.state;
  }

  /** Type a command and Enter, instead of what may stand half-typed on the line. Resolves when a prompt is there again. */
  async run(command) {
    this.type(`${CLEAR_LINE}${command.trim().replace(/\r?\n/g, "\r")}\r`);
    this.focus();
    await this.whenLive();
    await new Promise((resolve) => this.addEventListener("prompt", resolve, { once: true }));
  }

  /** Press a key that has no place on a touch screen: "Escape", "Tab", or one of the arrows. */
  press(name) {
    const application = this.#terminal.modes.applicationCursorKeysMode;
    this.type(sequence(name, { control: this.#control.held, application }));
    this.#control.hold(false);
  }

  /** Hold Ctrl for the next key, or let it go. */
  holdControl(held) {
    this.#control.hold(held);
  }

  /** What the last command has printed. */
  lastOutput() {
    return this.#prompts.lastOutput();
  }

  /** As `run`, without the Enter: the learner looks at it first. For a command of one line. */
  put(command) {
    this.type(`${CLEAR_LINE}${command}`);
    this.focus();
  }

  /** As if typed; a shell that is not there yet gets it once it is. */
  type(text) {
    if (this.#live) this.#send(new TextEncoder().encode(text));
    else this.#waiting.push(text);
  }

  /** Several lines are asked about first where the shell would run each as it comes. */
  paste(text) {
    this.#paste.paste(text);
  }

  focus() {
    this.#terminal.focus();
  }

  /** Take as many rows and columns as the element has room for. Happens by itself when its size changes. */
  fit() {
    if (this.#visitor) this.#visitor.fit();
    else this.#fit.fit();
  }

  /** While somebody looks on: "yes", "no" or "end". A visitor asks with yes, the learner agrees with it. */
  consent(word) {
    this.#connection.send(consent(word));
  }

  setTheme(dark) {
    this.#terminal.options.theme = colours(dark);
    this.#search.setTheme(dark);
  }

  setFontSize(pixels) {
    this.#terminal.options.fontSize = pixels;
    this.fit();
  }

  /** Tell screen readers what the terminal shows. It costs time with much output, so it is for those who need it. */
  setScreenReader(on) {
    this.#terminal.options.screenReaderMode = on;
  }

  findNext(text) {
    return this.#search.next(text);
  }

  findPrevious(text) {
    return this.#search.previous(text);
  }

  clearSearch() {
    this.#search.clear();
  }

  /** Ask for a seat anew, after the old one has ended. */
  reconnect() {
    this.#connection.connect();
  }

  whenLive() {
    if (this.#live) return Promise.resolve();
    return new Promise((resolve) => this.addEventListener("live", resolve, { once: true }));
  }

  /** Close the terminal and end its shell; "closed" is its last state. Not for the first one of a seat. */
  hangUp() {
    this.#connection.send(hangUp());
  }

  /** Put a line of the page's own on the screen. */
  note(text) {
    this.#terminal.write(`\r\n\x1b[2m${text}\x1b[0m\r\n`);
  }

  dispose() {
    this.#stopFitting();
    this.#connection.close();
    this.#terminal.dispose();
  }

  #listen() {
    this.#terminal.onData((text) => {
      // What is replayed was answered when it was new, and what a visitor sees is answered by the learner's terminal.
      if (CURSOR_AT.test(text) || ((this.#replaying || this.#visitor) && ANSWER.test(text))) return;
      if (this.#visitor && !this.#visitor.mayType) return;
      if (TYPED_AHEAD.includes(this.state)) this.type(this.#control.take(text));
    });
    this.#terminal.onBinary((text) => {
      if (this.#live) this.#send(Uint8Array.from(text, (character) => character.charCodeAt(0)));
    });
    this.#terminal.onResize(({ cols, rows }) => this.#visitor ?? this.#connection.send(resize(cols, rows)));
    this.#connection.addEventListener("opened", () => {
      this.#tell("opened");
      this.#credit = new Credit((frame) => this.#connection.send(frame));
      if (!this.#visitor) this.#connection.send(resize(this.#terminal.cols, this.#terminal.rows));
    });
    this.#connection.addEventListener("state", ({ detail }) => {
      if (detail !== "open") this.#live = false;
      this.#tell("state", detail);
    });
    this.#connection.addEventListener("frame", ({ detail }) => this.#hear(detail));
  }

  #hear({ type, data, notice, code }) {
    if (type === "output") this.#show(data);
    if (type === "exit") this.#tellShellEnded(code);
    if (type !== "notice") return;
    if (notice.kind === "learner") this.#visitor?.take(notice);
    if (notice.kind === "attached") {
      this.#live = false;
      this.#replaying = notice.reset;
      if (notice.reset) this.#terminal.write(RESET);
    }
    // In the scrollback stand queries that programs once put to their terminal: a shell asks at each prompt where the
    // cursor is. xterm.js answers them again, as if typed, so nothing leaves before all of it has been written.
    if (notice.kind === "live") this.#terminal.write("", () => this.#goLive());
    this.#tell("notice", notice);
  }

  #goLive() {
    if (this.state !== "open") return; // gone again meanwhile
    this.#live = true;
    this.#replaying = false;
    for (const text of this.#waiting.splice(0)) this.type(text);
    this.#tell("live");
  }

  #show(data) {
    const credit = this.#credit;
    credit.received(data.length);
    this.#tell("output", data);
    this.#terminal.write(data, () => {
      if (credit === this.#credit) credit.written(data.length);
    });
  }

  #tellShellEnded(code) {
    this.note(this.#say("shell-ended", { code }));
  }

  #send(bytes) {
    for (const frame of input(bytes)) this.#connection.send(frame);
  }

  #leave() {
    this.#terminal.blur();
    this.#tell("leave");
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
