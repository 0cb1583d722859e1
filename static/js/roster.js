// Keeps what a classroom is doing up to date: asks for it every two seconds while somebody looks.

const EVERY = 2000;

const shown = document.querySelector("[data-roster]");
const away = document.querySelector("[data-roster-away]");
let last = "";

/** What comes is the part of the page as the server draws it; names in it are escaped there. */
function show(html) {
  if (html === last) return;
  last = html;
  const held = shown.contains(document.activeElement) ? document.activeElement : null;
  const action = held?.form?.action;
  const scrolled = shown.querySelector(".class__scroll")?.scrollLeft ?? 0;
  const template = document.createElement("template");
  template.innerHTML = html;
  shown.replaceChildren(template.content);
  const scroll = shown.querySelector(".class__scroll");
  if (scroll) scroll.scrollLeft = scrolled;
  if (action) [...shown.querySelectorAll("form")].find((form) => form.action === action)?.querySelector("button").focus();
  else if (held?.matches(".class__scroll")) scroll?.focus();
}

async function ask() {
  try {
    const answer = await fetch(shown.dataset.roster, { headers: { accept: "text/html" }, redirect: "error" });
    if (answer.ok) show(await answer.text());
    else if (answer.status === 404) location.reload(); // deleted, or signed out: the page says so
    if (away) away.hidden = answer.ok;
  } catch {
    if (away) away.hidden = false;
  }
}

async function keep() {
  if (!document.hidden) await ask();
  setTimeout(keep, EVERY);
}

setTimeout(keep, EVERY);
