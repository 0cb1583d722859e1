// The terminal's further tools, behind a button: copying the last output, the whole window, help for screen readers.
// And its bell, which is seen.

import { setText } from "./text.js";
import { say } from "./words.js";

const READER = "screen-reader";
const GAP = 4;

function stored(name) {
  try {
    return localStorage.getItem(name) === "true";
  } catch {
    return false; // storage may be forbidden
  }
}

function store(name, on) {
  try {
    localStorage.setItem(name, String(on));
  } catch {
    // It then holds for this page only.
  }
}

/** Under its button, in the window's right part. */
function place(menu, button) {
  menu.addEventListener("beforetoggle", ({ newState }) => {
    if (newState !== "open") return;
    const { bottom, right } = button.getBoundingClientRect();
    menu.style.top = `${bottom + GAP}px`;
    menu.style.right = `${Math.max(GAP, innerWidth - right)}px`;
  });
}

function startReader(button, terminals) {
  function set(on) {
    button.setAttribute("aria-pressed", String(on));
    terminals.setScreenReader(on);
    store(READER, on);
  }
  button.addEventListener("click", () => set(button.getAttribute("aria-pressed") !== "true"));
  if (stored(READER)) set(true);
}

/** The terminal takes the whole window, and the window the screen where Escape can stay the shell's key. */
function startFill(desk, button, terminals) {
  async function set(on) {
    desk.toggleAttribute("data-filled", on);
    button.setAttribute("aria-pressed", String(on));
    terminals.focus();
    if (!navigator.keyboard?.lock || !document.fullscreenEnabled) return;
    try {
      if (on) await Promise.all([document.documentElement.requestFullscreen(), navigator.keyboard.lock(["Escape"])]);
      else if (document.fullscreenElement) await document.exitFullscreen();
    } catch {
      // The browser does not want to; the window is filled all the same.
    }
  }
  button.addEventListener("click", () => set(!desk.hasAttribute("data-filled")));
  document.addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement && desk.hasAttribute("data-filled")) set(false);
  });
}

function startOutput(button, says, terminals) {
  button.addEventListener("click", async () => {
    const text = terminals.current.lastOutput();
    if (!text) {
      setText(says, say("no-output"));
      return;
    }
    try {
      await navigator.clipboard.writeText(text);
      setText(says, say("output-copied"));
    } catch {
      setText(says, say("copy-refused"));
    }
  });
}

function startBell(pane, terminals) {
  terminals.addEventListener("bell", () => {
    delete pane.dataset.bell;
    requestAnimationFrame(() => (pane.dataset.bell = ""));
  });
  pane.addEventListener("animationend", ({ animationName }) => {
    if (animationName === "ring") delete pane.dataset.bell;
  });
}

export function startMore(desk, terminals) {
  const pane = desk.querySelector(".terminal");
  const menu = pane.querySelector("#terminal-more");
  const says = menu.querySelector("[data-more-says]");
  place(menu, pane.querySelector("[popovertarget=terminal-more]"));
  menu.addEventListener("toggle", ({ newState }) => newState === "closed" && setText(says, ""));
  startReader(menu.querySelector('[data-tool="screen-reader"]'), terminals);
  startFill(desk, menu.querySelector('[data-tool="fill"]'), terminals);
  startOutput(menu.querySelector('[data-tool="output"]'), says, terminals);
  startBell(pane, terminals);
}
