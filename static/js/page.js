// Wires a lesson's page together. Each module knows one idea and nothing of the others.

import { Budget } from "./budget.js";
import { nameButtons, startCommands } from "./commands.js";
import { Panes } from "./panes.js";
import { Ports } from "./ports.js";
import { takeSaved } from "./following.js";
import { Progress } from "./progress.js";
import { drawAnswered, drawVerdict, startQuizzes } from "./quiz.js";
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
const ports = new Ports(pane.querySelector("[data-ports]"));
const terminal = openTerminal(pane.querySelector("[data-terminal]"), {
  dark: isDark(),
  say,
  address: (text) => ports.address(text),
});

new Seat(pane, terminal);
const budget = new Budget(pane);
startTools(pane, terminal);
startSplitter(desk);
startQuizzes(desk, (step, key, given) => progress.answer(lesson, step, key, given));
startCommands(desk, {
  run: (command) => {
    panes.show("terminal");
    terminal.run(command);
    if (panes.narrow) document.activeElement.blur(); // a phone's keyboard would cover what the command prints
  },
  press: (keys) => {
    panes.show("terminal");
    terminal.type(keys);
    terminal.focus();
  },
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
progress.addEventListener("ports", ({ detail }) => ports.draw(detail.ports));
progress.addEventListener("budget", ({ detail }) => budget.draw(detail.meters));
progress.addEventListener("verdict", ({ detail }) => drawVerdict(desk, detail));
progress.addEventListener("saved", async () => {
  await takeSaved(desk);
  nameButtons(desk);
  drawAnswered(desk);
  progress.open(lesson, steps.current);
});
progress.open(lesson, steps.current);
progress.connect();
