// A term's explanation opens beside the term. Without this script, or in an older browser, it opens in the middle.

const GAP = 6;

export function startTerms(page) {
  page.addEventListener(
    "beforetoggle",
    (event) => {
      if (!event.target.matches(".term__says") || event.newState !== "open") return;
      const says = event.target;
      says.removeAttribute("style"); // where it was before would squeeze it
      const term = says.previousElementSibling.getBoundingClientRect();
      requestAnimationFrame(() => {
        const { width, height } = says.getBoundingClientRect();
        const below = term.bottom + GAP;
        const top = below + height < innerHeight ? below : Math.max(GAP, term.top - GAP - height);
        says.style.left = `${Math.max(GAP, Math.min(term.left, innerWidth - width - GAP))}px`;
        says.style.top = `${top}px`;
      });
    },
    { capture: true }, // it does not bubble
  );
}
