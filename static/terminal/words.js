// What the terminal says of itself. A page hands in its own `say`, which knows the learner's language.

const WORDS = {
  terminal: "Terminal",
  "shell-ended": "The shell has ended with code {code}. Here is a fresh one.",
  "paste-lines": "Paste {lines} lines? The shell runs each of them at once.",
  "paste-long": "That is too much text to paste into a terminal.",
  paste: "Paste",
  "paste-not": "Cancel",
};

/** The sentence of that name, with `{name}` parts filled in. */
export const say = (name, values = {}) => WORDS[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
