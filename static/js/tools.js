// The terminal's tools: search, and the size of its text, which is remembered.

const SIZES = [11, 12, 13, 14, 15, 16, 18, 20, 24];
// Docker's tables are wide: in a usual window as much of a row as can be read in comfort.
const USUAL = matchMedia("(max-width: 34rem)").matches ? 12 : matchMedia("(max-width: 100rem)").matches ? 13 : 14;

function storedSize() {
  try {
    const size = Number(localStorage.getItem("terminal-size"));
    return SIZES.includes(size) ? size : USUAL;
  } catch {
    return USUAL; // storage may be forbidden
  }
}

function startSize(pane, terminal) {
  let size = storedSize();
  function choose(step) {
    size = SIZES[Math.min(SIZES.length - 1, Math.max(0, SIZES.indexOf(size) + step))];
    terminal.setFontSize(size);
    try {
      localStorage.setItem("terminal-size", String(size));
    } catch {
      // The size then holds for this page only.
    }
  }
  terminal.setFontSize(size);
  pane.querySelector('[data-tool="smaller"]').addEventListener("click", () => choose(-1));
  pane.querySelector('[data-tool="larger"]').addEventListener("click", () => choose(1));
}

function startSearch(pane, terminal) {
  const button = pane.querySelector('[data-tool="search"]');
  const form = pane.querySelector("[data-search]");
  const field = form.querySelector("input");

  function show(open) {
    form.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) {
      field.focus();
      field.select();
    } else {
      terminal.clearSearch();
      terminal.focus();
    }
  }

  button.addEventListener("click", () => show(form.hidden));
  terminal.addEventListener("search", () => show(true));
  form.querySelector('[data-find="close"]').addEventListener("click", () => show(false));
  form.querySelector('[data-find="previous"]').addEventListener("click", () => terminal.findPrevious(field.value));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    terminal.findNext(field.value);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") show(false);
  });
}

export function startTools(pane, terminal) {
  startSize(pane, terminal);
  startSearch(pane, terminal);
}
