// Puts what the server has drawn anew in the place of what is shown. Only cells that differ are replaced, so that what
// has the focus, is selected or is being clicked stays where it is.

/** `html` is the part of the page as the server draws it; names in it are escaped there. */
export function patch(shown, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const fresh = template.content;
  const held = shown.contains(document.activeElement) ? document.activeElement : null;
  const table = shown.querySelector(".roster");
  const freshTable = fresh.querySelector(".roster");
  if (table && freshTable) {
    for (const part of ["[data-sums]", "[data-trips]"])
      patchElement(shown.querySelector(part), fresh.querySelector(part));
    table.className = freshTable.className;
    patchRows(table.tBodies[0], freshTable.tBodies[0]);
  } else {
    shown.replaceChildren(fresh);
  }
  if (held && document.activeElement !== held) focusAgain(shown, held);
}

function patchElement(old, fresh) {
  if (old.innerHTML !== fresh.innerHTML) old.innerHTML = fresh.innerHTML;
}

function patchRows(body, fresh) {
  const before = new Map([...body.rows].map((row) => [row.dataset.learner, row]));
  const rows = [...fresh.rows].map((row, place) => {
    const old = before.get(row.dataset.learner);
    before.delete(row.dataset.learner);
    if (old) patchRow(old, row);
    (old ?? row).dataset.place = place; // as the server has sorted them
    return old ?? row;
  });
  for (const gone of before.values()) gone.remove();
  for (const row of rows) if (row.parentNode !== body) body.append(row); // where it stands is the sieve's to say
}

function patchRow(old, fresh) {
  for (const name of ["standing", "done", "hand"]) {
    if (name in fresh.dataset) old.dataset[name] = fresh.dataset[name];
    else delete old.dataset[name];
  }
  [...fresh.cells].forEach((cell, place) => {
    patchElement(old.cells[place], cell);
  });
}

/** What had the focus was drawn anew, or has gone with its row. */
function focusAgain(shown, held) {
  const same = held.isConnected
    ? held
    : [...shown.querySelectorAll("a, button")].find(
        (one) => one.getAttribute("href") === held.getAttribute("href") && one.formAction === held.formAction,
      );
  (same ?? shown.querySelector(".class__scroll"))?.focus({ preventScroll: true });
}

/** Puts the rows in this order, and moves none that stands right already. */
export function arrange(body, rows) {
  const held = body.contains(document.activeElement) ? document.activeElement : null;
  let next = body.firstElementChild;
  for (const row of rows) {
    if (row === next) next = next.nextElementSibling;
    else body.insertBefore(row, next);
  }
  if (held && document.activeElement !== held) held.focus({ preventScroll: true });
}
