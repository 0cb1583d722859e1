// Wires a lesson's page together. Each module knows one idea and nothing of the others.

import { Budget } from "./budget.js";
import { startCommands } from "./commands.js";
import { Panes } from "./panes.js";
import { Progress } from "./progress.js";
import { drawVerdict, startQuizzes } from "./quiz.js";
import { Seat } from "./seat.js";
import { startSplitter } from "./splitter.js";
import { Steps } from "./steps.js";
import { isDark } from "./theme.js";
import { startTools } from "./tools.js";
import { say } from "./words.js";
import { openTerminal } from "../terminal/terminal.js";

const desk = document.getElementById("main");
const { lesson } = desk.dataset;

const panes = new Panes(desk, document.querySelector(".tabs"));
const steps = new Steps(desk);
const progress = new Progress();
const pane = document.getElementById("terminal-pane");
const terminal = openTerminal(pane.querySelector("[data-terminal]"), { dark: isDark(), say });

new Seat(pane, terminal);
const budget = new Budget(pane);
startTools(pane, terminal);
startSplitter(desk);
startQuizzes(desk, (step, key, given) => progress.answer(lesson, step, key, given));
startCommands(desk, (command) => {
  panes.show("terminal");
  terminal.run(command);
  if (panes.narrow) document.activeElement.blur(); // a phone's keyboard would cover what the command prints
});

document.addEventListener("themechange", ({ detail }) => terminal.setTheme(detail.dark));
terminal.addEventListener("leave", () => {
  panes.show("lesson");
  steps.focus();
});

terminal.addEventListener("notice", ({ detail }) => {
  if (detail.soon || detail.kind === "ended") panes.news("terminal");
});

steps.addEventListener("open", ({ detail: step }) => progress.open(lesson, step));
steps.addEventListener("passed", () => panes.news("lesson"));
progress.addEventListener("progress", ({ detail }) => steps.draw(detail.steps));
progress.addEventListener("budget", ({ detail }) => budget.draw(detail.meters));
progress.addEventListener("verdict", ({ detail }) => drawVerdict(desk, detail));
progress.open(lesson, steps.current);
progress.connect();
