// Dividers between two parts of the page: dragged, or moved with the arrow keys. They remember where they stood.

const KEYS = { Back: -2, On: 2, PageDown: -10, PageUp: 10, Home: -100, End: 100 };
const ARROWS = {
  vertical: { ArrowLeft: "Back", ArrowRight: "On" },
  horizontal: { ArrowUp: "Back", ArrowDown: "On" },
};

function remember(name, share) {
  try {
    localStorage.setItem(name, `${share}%`);
  } catch {
    // Storage may be forbidden; the divider then stands in its usual place on the next page.
  }
}

/** Between lesson and terminal. */
export function startSplitter(desk) {
  startDivider(desk.querySelector(".desk__divider"), { box: desk, start: desk, desk, property: "--split", name: "split" });
}

/** `divider`: a separator with its limits and its usual place. It sets `property` to the share of `box` that lies before
 * it, from where `start` begins. The lesson's page reads `name` back before it is drawn (templates/lesson.html). */
export function startDivider(divider, { box, start, desk, property, name }) {
  const { ariaValueMin: smallest, ariaValueMax: largest, ariaValueNow: usual, ariaOrientation: orientation } = divider;
  const share = () => Number(divider.ariaValueNow);

  function move(wanted) {
    const value = Math.round(Math.min(largest, Math.max(smallest, wanted)) * 10) / 10;
    document.documentElement.style.setProperty(property, `${value}%`);
    divider.ariaValueNow = value;
  }

  divider.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    divider.focus({ focusVisible: false });
    divider.setPointerCapture(event.pointerId);
    desk.dataset.dragging = orientation;
  });
  divider.addEventListener("pointermove", (event) => {
    if (!divider.hasPointerCapture(event.pointerId)) return;
    const [whole, from] = [box.getBoundingClientRect(), start.getBoundingClientRect()];
    if (orientation === "vertical") move((100 * (event.clientX - from.left)) / whole.width);
    else move((100 * (event.clientY - from.top)) / whole.height);
  });
  divider.addEventListener("lostpointercapture", () => {
    delete desk.dataset.dragging;
    remember(name, share());
  });
  divider.addEventListener("dblclick", () => {
    move(usual);
    remember(name, share());
  });
  divider.addEventListener("keydown", (event) => {
    const step = KEYS[ARROWS[orientation][event.key] ?? event.key];
    if (!step) return;
    event.preventDefault();
    move(share() + step);
    remember(name, share());
  });

  const stored = Number.parseFloat(document.documentElement.style.getPropertyValue(property));
  if (stored) move(stored);
}
