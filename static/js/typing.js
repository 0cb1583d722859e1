// Whether a key is for something else than the page: a field, the terminal, a dialog, or the browser.

const TYPED_INTO = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], dialog *";

export function isTyping({ target, ctrlKey, metaKey, altKey }) {
  return ctrlKey || metaKey || altKey || target.matches(TYPED_INTO) || document.querySelector("dialog[open]") !== null;
}
