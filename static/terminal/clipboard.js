// Copy and paste: the learner's, and what programs may do with the clipboard.

import { Base64, ClipboardAddon } from "@xterm/addon-clipboard";

const LARGEST_PASTE = 512 * 1024; // characters; the relay holds 1 MiB for a program that does not read

/** Copy the selection. Without HTTPS browsers have no clipboard API, but still the older command. */
export function copySelection(terminal) {
  const text = terminal.getSelection();
  if (!text) return;
  if (navigator.clipboard) {
    navigator.clipboard.writeText(text);
    return;
  }
  const { textarea } = terminal;
  textarea.value = text;
  textarea.select();
  document.execCommand("copy");
  textarea.value = "";
}

/** Programs may set the clipboard (OSC 52) of a terminal that is typed in; none may read it. */
export function letProgramsCopy(terminal, allowed) {
  const provider = {
    readText: () => "",
    writeText: async (_, text) => {
      if (allowed() && terminal.element.contains(document.activeElement)) await navigator.clipboard?.writeText(text);
    },
  };
  terminal.loadAddon(new ClipboardAddon(new Base64(), provider));
  terminal.parser.registerOscHandler(52, (data) => data.endsWith(";?")); // asked to read: not even an empty answer
}

/** Pasting into `terminal`: several lines are asked about first where the shell would run each as it comes. */
export class Paste {
  #terminal;
  #bar;
  #say;

  constructor(element, terminal, say) {
    this.#terminal = terminal;
    this.#say = say;
    this.#bar = document.createElement("div");
    this.#bar.className = "paste";
    this.#bar.hidden = true;
    this.#bar.setAttribute("role", "alertdialog");
    element.append(this.#bar);
    // Before xterm.js, whose own handler would type it at once.
    const early = { capture: true };
    element.addEventListener("paste", (event) => this.#pasted(event), early);
    this.#bar.addEventListener("keydown", (event) => event.key === "Escape" && this.#close());
  }

  #pasted(event) {
    event.preventDefault();
    event.stopPropagation();
    this.paste(event.clipboardData.getData("text/plain"));
  }

  paste(text) {
    const lines = text.trimEnd().split(/\r\n|\r|\n/).length;
    if (text.length > LARGEST_PASTE) {
      this.#ask(this.#say("paste-long"), null);
    } else if (lines > 1 && !this.#terminal.modes.bracketedPasteMode) {
      this.#ask(this.#say("paste-lines", { lines }), text);
    } else {
      this.#terminal.paste(text);
    }
  }

  #ask(question, text) {
    const says = document.createElement("p");
    says.textContent = question;
    const buttons = text === null ? [] : [this.#button(this.#say("paste"), () => this.#terminal.paste(text))];
    buttons.push(this.#button(this.#say("paste-not"), () => {}));
    this.#bar.setAttribute("aria-label", question);
    this.#bar.replaceChildren(says, ...buttons);
    this.#bar.hidden = false;
    buttons[0].focus();
  }

  #button(label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--small";
    button.textContent = label;
    button.addEventListener("click", () => {
      this.#close();
      act();
    });
    return button;
  }

  #close() {
    this.#bar.hidden = true;
    this.#terminal.focus();
  }
}
