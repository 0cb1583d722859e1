// Types the solves of steps into the terminals, where the learner can watch, and waits as a person does: for the prompt,
// for what a program prints, for a text. The like of it for tests is playground/authoring/typist.py.

const LINE_MS = 60_000; // until there is a prompt again
const KEYS_MS = 4_000; // for a program that prints nothing
const SETTLE_MS = 400;
const INTERRUPT = "\x03"; // whatever still runs there; at a prompt it does no harm

const AFTER = "(?:\\x1b\\[(?:6n|J))*$"; // a shell asks where its cursor is, or clears what is behind it
const OWN = new RegExp(`\\x1b\\[1;36m[^\\x1b\\r\\n]*\\x1b\\[0m \\$ ${AFTER}`); // the seat's own shell
const ANY = new RegExp(`\\n[^\\n]*(?:[$#>] |\\[y/N\\] )${AFTER}`); // of a shell in a container, or a question

/** Stopped by the learner, or by a terminal that did not answer. */
export class Stopped extends Error {}

/** One terminal while it is played on. */
class Hand {
  #terminal;
  #signal;
  #since = ""; // shown since something was typed last
  #ready = true; // something waits for a line
  #decoder = new TextDecoder();
  #wake = () => {};

  constructor(terminal, signal) {
    this.#terminal = terminal;
    this.#signal = signal;
    const take = ({ detail }) => {
      this.#since += this.#decoder.decode(detail, { stream: true });
      this.#wake();
    };
    terminal.addEventListener("output", take, { signal });
    signal.addEventListener("abort", () => this.#wake());
  }

  async begin() {
    await this.#terminal.whenLive();
    this.#send(INTERRUPT);
    await this.prompt();
  }

  async line(text) {
    if (!this.#ready) await this.#until(() => ANY.test(this.#since) || OWN.test(this.#since));
    this.#send(`${text}\r`);
  }

  /** Once the program has printed something, or has had time to begin. */
  async keys(keys) {
    await this.#until(() => this.#ready || this.#answer(), KEYS_MS, { late: true });
    await this.#until(() => false, SETTLE_MS, { late: true });
    this.#send(keys);
  }

  async see(text) {
    await this.#until(() => this.#answer().includes(text));
    this.#ready = true;
  }

  async prompt() {
    await this.#until(() => OWN.test(this.#since));
    this.#ready = true;
  }

  #send(text) {
    if (this.#signal.aborted) throw new Stopped();
    this.#since = "";
    this.#ready = false;
    this.#terminal.type(text);
  }

  /** What came after the echo of what was typed. */
  #answer() {
    return this.#since.slice(this.#since.indexOf("\n") + 1 || this.#since.length);
  }

  /** `late`: go on when the time is up; otherwise that is the end of it. */
  async #until(holds, patience = LINE_MS, { late = false } = {}) {
    const end = performance.now() + patience;
    while (!holds()) {
      if (this.#signal.aborted) throw new Stopped();
      const left = end - performance.now();
      if (left <= 0) {
        if (late) return;
        throw new Stopped();
      }
      await new Promise((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, left);
      });
    }
  }
}

export class Player {
  #terminals;
  #stopping = new AbortController();

  constructor(terminals) {
    this.#terminals = terminals;
  }

  stop() {
    this.#stopping.abort();
  }

  /** Step after step: {id, title, script}. `told(step, place)` comes before each, `done(step)` after it. Raises Stopped. */
  async play(steps, told, done) {
    this.#stopping = new AbortController();
    const hands = new Map();
    try {
      for (const [place, step] of steps.entries()) {
        told(step, place);
        await this.#step(step.script, hands);
        done(step);
      }
    } finally {
      this.#stopping.abort(); // lets go of the terminals
    }
  }

  async #step(script, hands) {
    const used = new Set();
    const turnTo = async (number) => {
      this.#terminals.show(number);
      if (!hands.has(number)) {
        hands.set(number, new Hand(this.#terminals.current, this.#stopping.signal));
        await hands.get(number).begin();
      }
      used.add(number);
      return hands.get(number);
    };
    let hand = script.length ? await turnTo(1) : null;
    for (const [what, with_] of script) {
      if (what === "terminal") hand = await turnTo(with_);
      else await hand[what](with_);
    }
    for (const number of used) await hands.get(number).prompt();
  }
}
