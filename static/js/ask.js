// Questions that the page puts to the learner, in its dialogs.

/** The learner's answer to the question of that name; "" is no. `fill` writes what it is about into the dialog. */
export function ask(name, fill = () => {}) {
  const dialog = document.querySelector(`[data-ask="${name}"]`);
  dialog.returnValue = "";
  fill(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
  });
}
