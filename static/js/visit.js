// A teacher's page with a learner's terminals on it: what the learner sees, and keys once the learner agrees.

import { Consent } from "./consent.js";
import { Terminals } from "./terminals.js";
import { setText } from "./text.js";
import { isDark } from "./theme.js";
import { say } from "./words.js";

const page = document.querySelector("[data-visit-url]");
const name = page.dataset.learner;
const status = page.querySelector("[data-visit-status]");
const over = page.querySelector("[data-visit-over]");
const terminals = new Terminals(page, {
  dark: isDark(),
  describedBy: "terminal-out",
  urlOf: (number) => `${page.dataset.visitUrl}${number}/`,
  visitor: true,
});
const consent = new Consent(page, terminals);

const TYPING = {
  no: () => say("look-reading", { name }),
  asked: () => say("look-asked", { name }),
  yes: () => say("look-typing", { name }),
};
const OVER = { "visit-taken": () => say("look-taken"), "too-many": () => say("too-many") };

function show(state, text) {
  status.dataset.state = state;
  setText(status.querySelector("[data-state-text]"), text);
}

terminals.first.addEventListener("notice", ({ detail }) => {
  if (detail.kind === "learner") {
    over.hidden = true;
    show(detail.here ? "open" : "waiting", detail.here ? TYPING[detail.typing]() : say("look-away", { name }));
    const was = page.dataset.typing;
    page.dataset.typing = detail.typing;
    consent.show(detail.here ? detail.typing : "away");
    if (detail.typing === "yes" && was !== "yes") terminals.focus();
  }
  if (detail.why === "signed-out") {
    location.reload(); // it asks who this is, and leads back here
    return;
  }
  if (detail.kind === "ended") {
    delete page.dataset.typing;
    show("ended", say("look-ended"));
    over.hidden = false;
    setText(over.querySelector("[data-notice-text]"), OVER[detail.why]?.() ?? say("look-over", { name }));
    consent.show("over");
  }
});
terminals.first.addEventListener("state", ({ detail }) => {
  if (detail === "reconnecting") show("reconnecting", say("reconnecting"));
});

page.querySelector("[data-look-again]").addEventListener("click", () => terminals.first.reconnect());
terminals.addEventListener("leave", () => consent.focus());
document.addEventListener("themechange", ({ detail }) => terminals.setTheme(detail.dark));
