// When a terminal may no longer fit in its element.

/** Calls `fit` when the element's size changes, and when the page's own font has come. Returns what ends that. */
export function keepFitting(element, terminal, fit) {
  const observer = new ResizeObserver(() => {
    if (element.clientWidth && element.clientHeight) fit();
  });
  observer.observe(element);
  // Cells are measured in a font that is there, and again in the page's own once it has come.
  const { fontFamily } = getComputedStyle(element);
  document.fonts.load(`${terminal.options.fontSize}px ${fontFamily}`).then(() => {
    terminal.options.fontFamily = fontFamily;
    fit();
  });
  return () => observer.disconnect();
}
