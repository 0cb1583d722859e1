// Moves the lessons of a classroom up and down; the form sends them in the order in which they stand.

const list = document.querySelector("[data-order]");

list.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (!button) return;
  const row = button.closest("li");
  if (button.dataset.move === "up") row.previousElementSibling?.before(row);
  else row.nextElementSibling?.after(row);
  button.focus();
});
