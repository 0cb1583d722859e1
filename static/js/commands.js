// Command blocks: Run types the command into the terminal, Copy puts it on the clipboard.

import { say } from "./words.js";

const SHOWN_FOR = 1600;

function flash(button, word) {
  button.dataset.word ??= button.textContent;
  button.textContent = word;
  clearTimeout(Number(button.dataset.timer));
  button.dataset.timer = setTimeout(() => {
    button.textContent = button.dataset.word;
  }, SHOWN_FOR);
}

export function startCommands(page, run) {
  for (const block of page.querySelectorAll("[data-command]")) {
    for (const button of block.querySelectorAll("button")) {
      // Many buttons of one name: say which command is meant.
      button.setAttribute("aria-label", `${button.textContent}: ${block.dataset.command}`);
    }
  }
  page.addEventListener("click", async (event) => {
    const button = event.target.closest(".command button");
    if (!button) return;
    const { command, terminal } = button.closest("[data-command]").dataset;
    if (button.classList.contains("run")) {
      run(command, Number(terminal ?? 1));
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
