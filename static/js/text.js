// Lesson authors' sentences come as plain text with `code` in backticks.

/** Show the text in the element; what stands in backticks becomes code. Nothing in it is markup. */
export function setText(element, text) {
  if (element.dataset.text === text) return; // a live region would say it again
  element.dataset.text = text;
  const parts = text.split(/`([^`]+)`/).map((part, place) => {
    if (place % 2 === 0) return part;
    const code = document.createElement("code");
    code.textContent = part;
    return code;
  });
  element.replaceChildren(...parts);
}
