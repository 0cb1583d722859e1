// Wires a lesson's page together. Each module knows one idea and nothing of the others.

import { Budget } from "./budget.js";
import { Classroom } from "./classroom.js";
import { nameButtons, startCommands } from "./commands.js";
import { takeSaved } from "./following.js";
import { startFiles } from "./files/start.js";
import { Help } from "./help.js";
import { LiveMap } from "./map/map.js";
import { startMore } from "./more.js";
import { Panes } from "./panes.js";
import { Ports } from "./ports.js";
import { startPresence } from "./presence.js";
import { Progress } from "./progress.js";
import { drawAnswered, drawVerdict, startQuizzes } from "./quiz.js";
import { watchScrollers } from "./scrollers.js";
import { Seat } from "./seat.js";
import { startSplitter } from "./splitter.js";
import { Steps } from "./steps.js";
import { isDark } from "./theme.js";
import { Terminals } from "./terminals.js";
import { startTerms } from "./terms.js";
import { startTools } from "./tools.js";
import { startTouch } from "./touch.js";
import { startVisited } from "./visited.js";

const desk = document.getElementById("main");
const { lesson } = desk.dataset;

const panes = new Panes(desk, document.querySelector(".tabs"));
const steps = new Steps(desk);
const progress = new Progress();
const pane = document.getElementById("terminal-pane");
const ports = new Ports(pane.querySelector("[data-ports]"));
const terminals = new Terminals(pane, {
  dark: isDark(),
  describedBy: "terminal-out",
  address: (text) => ports.address(text),
});

const seat = new Seat(pane, terminals.first);
new Help(desk, { progress, seat, terminals, showTerminal: () => panes.show("terminal") });
startPresence(progress, lesson);
const classroom = new Classroom(desk);
const budget = new Budget(pane);
const files = startFiles(pane);
const map = new LiveMap(pane, {
  put: (command) => {
    panes.show("terminal");
    terminals.current.put(command);
  },
});
startTools(pane, terminals);
startMore(desk, terminals);
startTouch(pane, terminals);
startVisited(document.querySelector("[data-visit]"), terminals);
startSplitter(desk.querySelector(".desk__divider"), "split");
startSplitter(pane.querySelector(".files__divider"), "files");
startTerms(desk);
watchScrollers(desk);
startQuizzes(desk, (step, key, given) => progress.answer(lesson, step, key, given));
startCommands(desk, {
  run: (command, number) => {
    panes.show("terminal");
    const running = terminals.run(command, number);
    if (panes.narrow) document.activeElement.blur(); // a phone's keyboard would cover what the command prints
    return running;
  },
  press: (keys) => {
    panes.show("terminal");
    terminals.current.type(keys);
    terminals.focus();
  },
});

document.addEventListener("themechange", ({ detail }) => terminals.setTheme(detail.dark));
terminals.addEventListener("leave", () => {
  panes.show("lesson");
  steps.focus();
});

terminals.addEventListener("prompt", () => files.changed());
terminals.addEventListener("bell", () => panes.news("terminal"));

terminals.first.addEventListener("notice", ({ detail }) => {
  if (detail.why === "signed-out") location.reload(); // it asks who this is, and leads back here
  if (detail.soon || detail.kind === "ended" || detail.kind === "queue") panes.news("terminal");
});

steps.addEventListener("open", ({ detail: step }) => {
  panes.show("lesson");
  progress.open(lesson, step);
});
steps.addEventListener("passed", () => panes.news("lesson"));
progress.addEventListener("progress", ({ detail }) => steps.draw(detail.steps));
progress.addEventListener("ports", ({ detail }) => ports.draw(detail.ports));
progress.addEventListener("budget", ({ detail }) => {
  budget.draw(detail.meters);
  map.measure(detail.meters);
});
progress.addEventListener("map", ({ detail }) => map.take(detail));
progress.addEventListener("connected", () => {
  classroom.draw();
  progress.tell({ type: "map" });
});
progress.addEventListener("classroom", () => classroom.draw());
progress.addEventListener("verdict", ({ detail }) => drawVerdict(desk, detail));
progress.addEventListener("saved", async () => {
  await takeSaved(desk);
  nameButtons(desk);
  watchScrollers(desk);
  drawAnswered(desk);
  progress.open(lesson, steps.current);
});
progress.open(lesson, steps.current);
progress.connect();
