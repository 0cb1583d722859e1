// Tells the learner, over everything else on the page, that somebody looks on at their terminal, and asks whether that one
// may type.

import { Consent } from "./consent.js";
import { setText } from "./text.js";
import { say } from "./words.js";

const SAYS = {
  no: (name) => say("visit-looks", { name }),
  asked: (name) => say("visit-asks", { name }),
  yes: (name) => say("visit-types", { name }),
};

export function startVisited(box, terminals) {
  const consent = new Consent(box, terminals);
  box.addEventListener("click", ({ target }) => target.closest("button") && terminals.focus());
  terminals.first.addEventListener("notice", ({ detail: { kind, name, typing } }) => {
    if (kind !== "visit") return;
    box.hidden = !name;
    box.dataset.typing = typing;
    setText(box.querySelector("[data-visit-text]"), name ? SAYS[typing](name) : "");
    consent.show(typing);
  });
  // A new socket is told anew of a visit. While the connection or the engine is away, what was said last stays: the visit
  // may well go on.
  const hide = () => {
    box.hidden = true;
  };
  terminals.first.addEventListener("opened", hide);
  terminals.first.addEventListener("state", ({ detail }) => detail === "ended" && hide());
}
