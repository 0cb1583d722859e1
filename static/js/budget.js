// The budget's meters: drawn as the server tells of them, with a word when one is nearly full.

import { setText } from "./text.js";
import { say } from "./words.js";

const NEAR = 0.8;
const EASED = 0.75; // below this a warning ends: one that comes and goes is worse than none
const OPEN = "budget-open";

/** How the numbers of a meter are said; pieces where it is not among these. In the strip these are all per cent. */
const SENTENCES = {
  memory: (numbers) => say("budget-mib", numbers),
  disk: (numbers) => say("budget-mib", numbers),
  cpu: (numbers) => say("budget-percent", numbers),
};
const LEVELS = {
  "": () => "",
  near: () => say("budget-near"),
  full: () => say("budget-full"),
  busy: () => say("budget-busy"),
};

/** One of LEVELS; a CPU that is all in use is nothing to mend. */
function level(name, share, before) {
  if (name === "cpu") return share >= NEAR ? "busy" : "";
  if (share >= 1) return "full";
  return share >= NEAR || (before && share >= EASED) ? "near" : "";
}

function remember(fold) {
  try {
    fold.open = localStorage.getItem(OPEN) === "true";
  } catch {
    // Storage may be forbidden; the fold then begins closed.
  }
  fold.addEventListener("toggle", () => {
    try {
      localStorage.setItem(OPEN, String(fold.open));
    } catch {
      // It then holds for this page only.
    }
  });
}

export class Budget {
  #fold;
  #warning;
  #levels = {};

  constructor(pane) {
    this.#fold = pane.querySelector("[data-budget]");
    this.#warning = pane.querySelector("[data-budget-warning]");
    remember(this.#fold);
  }

  /** `meters`: name -> [used, limit]; those that are missing are not known, all of them without a seat. */
  draw(meters) {
    for (const row of this.#fold.querySelectorAll("[data-meter]")) {
      const name = row.dataset.meter;
      const chip = this.#fold.querySelector(`[data-chip="${name}"]`);
      const known = name in meters;
      row.hidden = !known;
      chip.hidden = !known;
      if (known) this.#drawOne(name, row, chip, ...meters[name]);
    }
  }

  #drawOne(name, row, chip, used, limit) {
    const share = used / limit;
    const now = level(name, share, this.#levels[name]);
    const value = SENTENCES[name]?.({ used, limit }) ?? say("budget-pieces", { used, limit });
    const short =
      name in SENTENCES
        ? say("budget-percent", { used: Math.round(100 * share) })
        : say("budget-pieces-short", { used, limit });
    const word = LEVELS[now]();
    for (const box of [row, chip]) {
      box.dataset.level = now;
      box.querySelector(".budget__bar").style.setProperty("--share", Math.min(1, share));
    }
    chip.hidden = !("always" in chip.dataset || now);
    setText(chip.querySelector("[data-value]"), word ? `${short}, ${word}` : short);
    setText(row.querySelector("[data-value]"), word ? `${value}, ${word}` : value);
    const meter = row.querySelector("[role=meter]");
    meter.ariaValueMax = limit;
    meter.ariaValueNow = Math.min(used, limit);
    meter.ariaValueText = value;
    if (now && now !== "busy" && now !== this.#levels[name]) this.#warn(row, value, word);
    this.#levels[name] = now;
  }

  /** Said once when it gets so far, and not with every number. */
  #warn(row, value, word) {
    const name = row.querySelector(".budget__name").textContent;
    setText(this.#warning, say("budget-warning", { name, value, level: word }));
  }
}
