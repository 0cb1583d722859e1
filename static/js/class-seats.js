// A classroom's seats as they come: asked for often while they are being started, and now and then otherwise.

const OFTEN = 2000;
const NOW_AND_THEN = 30_000;

const shown = document.querySelector("[data-class-seats]");
let last = "";

/** What comes is the part of the page as the server draws it. */
function show(html) {
  if (html === last) return;
  last = html;
  const held = shown.contains(document.activeElement) ? document.activeElement.value : null;
  const template = document.createElement("template");
  template.innerHTML = html;
  shown.replaceChildren(template.content);
  if (held) shown.querySelector(`button[value="${held}"]`)?.focus();
}

async function ask() {
  try {
    const answer = await fetch(shown.dataset.classSeats, { headers: { accept: "text/html" }, redirect: "error" });
    if (answer.ok) show(await answer.text());
  } catch {
    // Without a connection it stays as it is.
  }
}

function keep() {
  setTimeout(
    async () => {
      if (!document.hidden) await ask();
      keep();
    },
    shown.querySelector("[data-warming]") ? OFTEN : NOW_AND_THEN,
  );
}

keep();
