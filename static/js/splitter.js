// A divider between two parts of the page: dragged, or moved with the arrow keys. It remembers where it stood.

const KEYS = {
  ArrowLeft: -2,
  ArrowUp: -2,
  ArrowRight: 2,
  ArrowDown: 2,
  PageDown: -10,
  PageUp: 10,
  Home: -100,
  End: 100,
};

function stored(name) {
  try {
    return Number.parseFloat(localStorage.getItem(name));
  } catch {
    return Number.NaN; // storage may be forbidden
  }
}

function store(name, share) {
  try {
    localStorage.setItem(name, `${share}%`);
  } catch {
    // The divider then stands in its usual place on the next page.
  }
}

/** `name`: of the size in per cent of the box, as a custom property of the page (with two dashes) and in storage.
 * `part`: what is measured, from its beginning to the divider. */
export function startSplitter(
  divider,
  name,
  { box = divider.parentElement, part = divider.previousElementSibling } = {},
) {
  const flat = divider.getAttribute("aria-orientation") === "horizontal";
  const value = (attribute) => Number(divider.getAttribute(`aria-value${attribute}`));
  const usual = value("now");

  function move(wanted) {
    const share = Math.round(Math.min(value("max"), Math.max(value("min"), wanted)) * 10) / 10;
    document.documentElement.style.setProperty(`--${name}`, `${share}%`);
    divider.setAttribute("aria-valuenow", String(share));
  }

  divider.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    divider.focus({ focusVisible: false });
    divider.setPointerCapture(event.pointerId);
    box.dataset.dragging = name;
  });
  divider.addEventListener("pointermove", (event) => {
    if (!divider.hasPointerCapture(event.pointerId)) return;
    const from = part.getBoundingClientRect();
    const whole = box.getBoundingClientRect();
    move(100 * (flat ? (event.clientY - from.top) / whole.height : (event.clientX - from.left) / whole.width));
  });
  divider.addEventListener("lostpointercapture", () => {
    delete box.dataset.dragging;
    store(name, value("now"));
  });
  divider.addEventListener("dblclick", () => {
    move(usual);
    store(name, usual);
  });
  divider.addEventListener("keydown", (event) => {
    if (!(event.key in KEYS)) return;
    event.preventDefault();
    move(value("now") + KEYS[event.key]);
    store(name, value("now"));
  });

  const before = stored(name);
  if (before) move(before);
}
