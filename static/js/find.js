// `/` goes to the search, from anywhere but where one types.

import { isTyping } from "./typing.js";

addEventListener("keydown", (event) => {
  if (event.key !== "/" || isTyping(event)) return;
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
