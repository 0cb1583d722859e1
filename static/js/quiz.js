// Quizzes and questions: the answer goes to the server, which knows what is right and says why.

import { say } from "./words.js";

/** `send(step, key, given)` is false when it could not be sent. `given` is a text, or the list of places ticked. */
export function startQuizzes(page, send) {
  page.addEventListener("submit", (event) => {
    const form = event.target.closest("form.quiz, form.question");
    if (!form) return;
    event.preventDefault();
    const answers = new FormData(form).getAll("answer");
    const given = form.matches(".quiz") ? answers.map(Number) : answers[0];
    const says = form.querySelector(".says");
    if (given.length === 0) {
      says.textContent = say("choose");
    } else if (!send(form.closest("[data-step]").dataset.step, form.dataset.key, given)) {
      says.textContent = say("not-connected");
    }
  });
}

/** What the server thinks of an answer: {step, key, right, says}. */
export function drawVerdict(page, { step, key, right, says }) {
  const section = page.querySelector(`.step[data-step="${CSS.escape(step)}"]`);
  const form = section?.querySelector(`form[data-key="${CSS.escape(key)}"]`);
  if (!form) return;
  form.querySelector(".says").textContent = says;
  if (right) form.dataset.passed = "";
  else delete form.dataset.passed;
}
