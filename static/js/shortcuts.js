// `?` shows which keys do what, from anywhere but where one types.

import { isTyping } from "./typing.js";

const dialog = document.querySelector("[data-shortcuts]");

addEventListener("keydown", (event) => {
  if (event.key !== "?" || isTyping(event)) return;
  event.preventDefault();
  dialog.showModal();
});
