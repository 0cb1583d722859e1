// `/` goes to the search, from anywhere but where one types.

const TYPED_INTO = "input, textarea, select, [contenteditable], dialog *";

addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.matches(TYPED_INTO)) return;
  const fields = [...document.querySelectorAll("[data-find-lessons]")].filter((field) => field.checkVisibility());
  const field = fields.at(-1); // the search page has its own, which is the larger one
  if (field) {
    event.preventDefault();
    field.focus();
    field.select();
  } else {
    document.querySelector(".find__link")?.click();
  }
});
