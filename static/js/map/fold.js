// Folds the map away, and remembers it. Before there is anything to remember, the window's size decides; while something
// else takes the map's room, it is not shown either (map.css).

export function startFold(pane, map) {
  const button = pane.querySelector('[data-tool="map"]');
  const root = document.documentElement;
  const isOpen = () => getComputedStyle(map).display !== "none";
  const draw = () => button.setAttribute("aria-expanded", String(isOpen()));
  button.addEventListener("click", () => {
    root.dataset.map = isOpen() ? "closed" : "open";
    if (root.dataset.map === "open") makeRoom(pane);
    try {
      localStorage.setItem("map", root.dataset.map);
    } catch {
      // Storage may be forbidden; it then holds for this page only.
    }
    draw();
  });
  new ResizeObserver(draw).observe(map);
  draw();
}

function makeRoom(pane) {
  pane.querySelector("[data-budget]").open = false;
  pane.querySelector('[data-tool="files"][aria-expanded="true"]')?.click();
}
