// The divider between lesson and terminal: dragged, or moved with the arrow keys. It remembers where it stood.

const SMALLEST = 25;
const LARGEST = 75;
const USUAL = 42;
const KEYS = { ArrowLeft: -2, ArrowRight: 2, PageDown: -10, PageUp: 10, Home: -100, End: 100 };

function remember(share) {
  try {
    localStorage.setItem("split", `${share}%`);
  } catch {
    // Storage may be forbidden; the divider then stands in its middle place on the next page.
  }
}

export function startSplitter(desk) {
  const divider = desk.querySelector('[role="separator"]');
  const share = () => Number(divider.getAttribute("aria-valuenow"));

  function move(wanted) {
    const value = Math.round(Math.min(LARGEST, Math.max(SMALLEST, wanted)) * 10) / 10;
    document.documentElement.style.setProperty("--split", `${value}%`);
    divider.setAttribute("aria-valuenow", String(value));
  }

  divider.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    divider.focus({ focusVisible: false });
    divider.setPointerCapture(event.pointerId);
    desk.dataset.dragging = "";
  });
  divider.addEventListener("pointermove", (event) => {
    if (!divider.hasPointerCapture(event.pointerId)) return;
    const box = desk.getBoundingClientRect();
    move((100 * (event.clientX - box.left)) / box.width);
  });
  divider.addEventListener("lostpointercapture", () => {
    delete desk.dataset.dragging;
    remember(share());
  });
  divider.addEventListener("dblclick", () => {
    move(USUAL);
    remember(share());
  });
  divider.addEventListener("keydown", (event) => {
    if (!(event.key in KEYS)) return;
    event.preventDefault();
    move(share() + KEYS[event.key]);
    remember(share());
  });

  const stored = Number.parseFloat(document.documentElement.style.getPropertyValue("--split"));
  if (stored) move(stored);
}
