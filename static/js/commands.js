// Command blocks: Run types the command into the terminal, Copy puts it on the clipboard. Key blocks: Press types them.

import { say } from "./words.js";

const SHOWN_FOR = 1600;
const KEYS = { enter: "\r", tab: "\t", escape: "\x1b", up: "\x1b[A", down: "\x1b[B", space: " " };

/** What a terminal sends for keys in the words of a lesson: "ctrl-p ctrl-q". */
export function keysToText(words) {
  const one = (word) => KEYS[word] ?? String.fromCharCode(word.charCodeAt("ctrl-".length) & 0x1f);
  return words.split(" ").map(one).join("");
}

function flash(button, word) {
  button.dataset.word ??= button.textContent;
  button.textContent = word;
  clearTimeout(Number(button.dataset.timer));
  button.dataset.timer = setTimeout(() => {
    button.textContent = button.dataset.word;
  }, SHOWN_FOR);
}

/** Many buttons of one name: say which command is meant. */
export function nameButtons(page) {
  for (const block of page.querySelectorAll("[data-command]")) {
    for (const button of block.querySelectorAll("button")) {
      button.setAttribute("aria-label", `${button.textContent}: ${block.dataset.command}`);
    }
  }
}

/** The block shows that its command runs, and then that it ran. */
async function follow(button, running) {
  const block = button.closest("[data-command]");
  block.dataset.ran = "now";
  await running;
  block.dataset.ran = "done";
  button.setAttribute("aria-description", say("ran"));
}

export function startCommands(page, { run, press }) {
  nameButtons(page);
  page.addEventListener("click", async (event) => {
    const button = event.target.closest(".command button");
    if (!button) return;
    if (button.classList.contains("press")) {
      press(keysToText(button.closest("[data-keys]").dataset.keys));
      return;
    }
    const { command, terminal } = button.closest("[data-command]").dataset;
    if (button.classList.contains("run")) {
      await follow(button, run(command, Number(terminal ?? 1)));
      return;
    }
    try {
      await navigator.clipboard.writeText(command);
      flash(button, say("copied"));
    } catch {
      flash(button, say("copy-refused")); // the browser keeps the clipboard to itself; the text can be selected
    }
  });
}
