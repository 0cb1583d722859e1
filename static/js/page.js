// Wires a lesson's page together. Each module knows one idea and nothing of the others.

import { startCommands } from "./commands.js";
import { Help } from "./help.js";
import { Panes } from "./panes.js";
import { Ports } from "./ports.js";
import { startPresence } from "./presence.js";
import { Progress } from "./progress.js";
import { drawVerdict, startQuizzes } from "./quiz.js";
import { Seat } from "./seat.js";
import { startSplitter } from "./splitter.js";
import { Steps } from "./steps.js";
import { isDark } from "./theme.js";
import { Terminals } from "./terminals.js";
import { startTerms } from "./terms.js";
import { startTools } from "./tools.js";

const desk = document.getElementById("main");
const { lesson } = desk.dataset;

const panes = new Panes(desk, document.querySelector(".tabs"));
const steps = new Steps(desk);
const progress = new Progress();
const pane = document.getElementById("terminal-pane");
const ports = new Ports(pane.querySelector("[data-ports]"));
const terminals = new Terminals(pane, { dark: isDark(), address: (text) => ports.address(text) });

const seat = new Seat(pane, terminals.first);
new Help(desk, { progress, seat, terminals, showTerminal: () => panes.show("terminal") });
startPresence(progress, lesson);
startTools(pane, terminals);
startSplitter(desk);
startTerms(desk);
startQuizzes(desk, (step, key, given) => progress.answer(lesson, step, key, given));
startCommands(desk, (command, number) => {
  panes.show("terminal");
  terminals.run(command, number);
  if (panes.narrow) document.activeElement.blur(); // a phone's keyboard would cover what the command prints
});

document.addEventListener("themechange", ({ detail }) => terminals.setTheme(detail.dark));
terminals.addEventListener("leave", () => {
  panes.show("lesson");
  steps.focus();
});

terminals.first.addEventListener("notice", ({ detail }) => {
  if (detail.soon || detail.kind === "ended") panes.news("terminal");
});

steps.addEventListener("open", ({ detail: step }) => progress.open(lesson, step));
steps.addEventListener("passed", () => panes.news("lesson"));
progress.addEventListener("progress", ({ detail }) => steps.draw(detail.steps));
progress.addEventListener("ports", ({ detail }) => ports.draw(detail.ports));
progress.addEventListener("verdict", ({ detail }) => drawVerdict(desk, detail));
progress.open(lesson, steps.current);
progress.connect();
