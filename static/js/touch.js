// The row of keys under the terminal of a touch screen. Pressing one leaves the focus, and the keyboard, where they are.

export function startTouch(pane, terminals) {
  const row = pane.querySelector("[data-touch]");
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
