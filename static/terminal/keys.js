// Keys that mean something to the page before they mean something to the shell.
//
// All others are the shell's, Tab and Ctrl-C and Ctrl-P too: xterm.js keeps the browser from acting on what it takes.

/** Leaves the terminal by keyboard. Terminals have no use for it, and browsers let a page take it. */
export const LEAVE_KEY = "Ctrl+Shift+E";

const NATIVE = () => {}; // neither the shell's nor ours: the browser pastes, which comes back as a paste event

const KEYS = {
  "Ctrl+Shift+C": (acts) => acts.copy(),
  "Ctrl+Shift+V": NATIVE,
  "Ctrl+V": NATIVE, // what people try first; a shell's use for it (quoting a control character) is rare
  "Ctrl+Shift+F": (acts) => acts.search(),
  [LEAVE_KEY]: (acts) => acts.leave(),
};

function nameOf({ ctrlKey, shiftKey, altKey, metaKey, code, key }) {
  // By the letter on the key, or by its place where the layout has no Latin letters.
  const letter = /^[a-z]$/i.test(key) ? key.toUpperCase() : code.replace(/^Key/, "");
  const held = { Ctrl: ctrlKey, Alt: altKey, Shift: shiftKey, Meta: metaKey };
  return [...Object.keys(held).filter((name) => held[name]), letter].join("+");
}

/** For xterm.js: true where the key is its own. `acts` has copy(), search() and leave(). */
export function keyHandler(acts) {
  return (event) => {
    const act = KEYS[nameOf(event)];
    if (!act) return true;
    if (act !== NATIVE) {
      event.preventDefault();
      if (event.type === "keydown") act(acts);
    }
    return false;
  };
}
