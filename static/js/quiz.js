// Quizzes and questions: the answer goes to the server, which knows what is right and says why.

import { setText } from "./text.js";
import { say } from "./words.js";

/** What was answered before. */
export function drawAnswered(page) {
  for (const form of page.querySelectorAll("form.quiz, form.question")) {
    const goal = form.closest("[data-step]").querySelector(`[data-goal="${CSS.escape(form.dataset.key)}"]`);
    if (goal && "passed" in goal.dataset) show(form, true, say("answered"));
  }
}

/** `send(step, key, given)` is false when it could not be sent. `given` is a text, or the list of places ticked. */
export function startQuizzes(page, send) {
  drawAnswered(page);
  page.addEventListener("submit", (event) => {
    const form = event.target.closest("form.quiz, form.question");
    if (!form) return;
    event.preventDefault();
    const answers = new FormData(form).getAll("answer");
    const given = form.matches(".quiz") ? answers.map(Number) : answers[0];
    const says = form.querySelector(".says");
    if (given.length === 0) {
      setText(says, say("choose"));
    } else if (!send(form.closest("[data-step]").dataset.step, form.dataset.key, given)) {
      setText(says, say("not-connected"));
    }
  });
}

/** What the server thinks of an answer: {step, key, right, says}. */
export function drawVerdict(page, { step, key, right, says }) {
  const section = page.querySelector(`.step[data-step="${CSS.escape(step)}"]`);
  const form = section?.querySelector(`form[data-key="${CSS.escape(key)}"]`);
  if (form) show(form, right, right ? says || say("right") : says);
}

function show(form, right, says) {
  setText(form.querySelector(".says"), says);
  if (right) form.dataset.passed = "";
  else delete form.dataset.passed;
}
