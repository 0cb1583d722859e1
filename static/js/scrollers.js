// What is larger than its place can be scrolled by keyboard, too: it is a stop of the Tab key while it is so.

const watch = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const larger = target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight;
    if (larger) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

export function watchScrollers(desk) {
  watch.disconnect();
  for (const block of desk.querySelectorAll(".prose pre, .prose table, .budget__all")) watch.observe(block);
}
