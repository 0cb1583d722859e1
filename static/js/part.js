// A part of the page that the server draws anew.

/** What the server answers with there; null without an answer, or when it leads elsewhere. */
export async function fetchPart(address, options) {
  try {
    const answer = await fetch(address, { headers: { accept: "text/html" }, redirect: "error", ...options });
    if (answer.ok) return await answer.text();
  } catch {
    // Without a connection there is none.
  }
  return null;
}

/** Puts the part in the place. What had the focus there gives it to the button of the same value, or to the first one.
 * Names and messages in `html` are escaped by the server. */
export function putPart(place, html) {
  const held = place.contains(document.activeElement) ? document.activeElement.value : null;
  const template = document.createElement("template");
  template.innerHTML = html;
  place.replaceChildren(template.content);
  if (held === null) return;
  const buttons = [...place.querySelectorAll("button")];
  const same = held && buttons.find(({ value }) => value === held);
  (same || buttons[0])?.focus();
}
