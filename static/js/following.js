// For authors: takes a saved lesson into the page, beside a terminal that goes on.

const PARTS = [".lesson__top", ".lesson__scroll"];

/** Fetch the lesson anew and put its steps in the place of ours. The step on show stays where the lesson has it still. */
export async function takeSaved(page) {
  const answer = await fetch(`/lessons/${page.dataset.lesson}/`).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!fresh.querySelector(".lesson")) return; // the server sent us elsewhere
  show(fresh, location.pathname);
  const { scrollTop } = page.querySelector(".lesson__scroll");
  for (const part of PARTS) page.querySelector(part).replaceWith(document.adoptNode(fresh.querySelector(part)));
  page.querySelector(".lesson__scroll").scrollTop = scrollTop;
}

function show(fresh, path) {
  const step = fresh.querySelector(`.step[data-address="${CSS.escape(path)}"]`);
  if (!step) return;
  fresh.querySelector(".step[data-current]").removeAttribute("data-current");
  step.dataset.current = "";
  fresh.querySelector(".steps__link[aria-current]")?.removeAttribute("aria-current");
  fresh
    .querySelector(`[data-stop="${CSS.escape(step.dataset.step)}"] .steps__link`)
    ?.setAttribute("aria-current", "step");
}
