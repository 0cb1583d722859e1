// The row of keys under the terminal of a touch screen. Pressing one leaves the focus, and the keyboard, where they are.

/** Browsers that lay their keyboard over the page, rather than make it smaller, tell so here. */
function makeRoomForKeyboard() {
  const view = window.visualViewport;
  view?.addEventListener("resize", () => {
    const covered = view.scale === 1 ? Math.max(0, innerHeight - view.height) : 0; // when zoomed, it is no keyboard
    document.documentElement.style.setProperty("--keyboard", `${covered}px`);
  });
}

export function startTouch(pane, terminals) {
  const row = pane.querySelector("[data-touch]");
  makeRoomForKeyboard();
  const control = row.querySelector("[data-control]");
  row.addEventListener("pointerdown", (event) => event.preventDefault());
  row.addEventListener("mousedown", (event) => event.preventDefault());
  row.addEventListener("click", ({ target }) => {
    const key = target.closest("button");
    if (!key) return;
    if (key === control) terminals.current.holdControl(control.getAttribute("aria-pressed") !== "true");
    else terminals.current.press(key.dataset.press);
    terminals.focus();
  });
  terminals.addEventListener("control", ({ detail }) => control.setAttribute("aria-pressed", String(detail)));
}
