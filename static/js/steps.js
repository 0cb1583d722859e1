// One step at a time, with the address bar following; ticks as they come.

import { setText } from "./text.js";
import { isTyping } from "./typing.js";
import { say } from "./words.js";

const END = "~end"; // the page after the last step

export class Steps extends EventTarget {
  #page;

  constructor(page) {
    super();
    this.#page = page;
    // A lesson's own address shows some step: give it that step's, so that Back finds it again.
    history.replaceState(null, "", page.querySelector(".step[data-current]").dataset.address);
    addEventListener("keydown", (event) => {
      const way = { n: "next", p: "prev" }[event.key];
      if (way && !isTyping(event)) this.#page.querySelector(`.step[data-current] [rel=${way}]`)?.click();
    });
    addEventListener("popstate", () => this.#follow(location.pathname));
    page.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
      const path = new URL(link.href).pathname;
      if (path === location.pathname ? !this.#step(path) : !this.#follow(path)) return;
      event.preventDefault();
      if (path !== location.pathname) history.pushState(null, "", path);
    });
  }

  /** The id of the step on show; "" at the end of the lesson. */
  get current() {
    return idOf(this.#page.querySelector(".step[data-current]"));
  }

  /** The section whose address that is, if it is one of this lesson's. */
  #step(path) {
    return this.#page.querySelector(`.step[data-address="${CSS.escape(path)}"]`);
  }

  #follow(path) {
    const step = this.#step(path);
    if (!step) return false;
    this.#page.querySelector(".step[data-current]").removeAttribute("data-current");
    step.dataset.current = "";
    for (const link of this.#page.querySelectorAll(".steps__link")) {
      if (link.parentElement.dataset.stop === step.dataset.step) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
    step.parentElement.scrollTop = 0;
    this.focus();
    this.dispatchEvent(new CustomEvent("open", { detail: idOf(step) }));
    return true;
  }

  /** To the heading of the step on show. */
  focus() {
    this.#page.querySelector(".step[data-current] h2:not([hidden] *)").focus({ preventScroll: true });
  }

  /** Draw what the server knows: {step id: {passed, goals: {key: {passed, says}}}}. */
  draw(steps) {
    for (const [id, { passed, how, goals }] of Object.entries(steps)) {
      const section = this.#page.querySelector(`.step[data-step="${CSS.escape(id)}"]`);
      const stop = this.#page.querySelector(`[data-stop="${CSS.escape(id)}"]`);
      if (!section) continue; // the lesson has changed since the page was sent
      for (const [key, goal] of Object.entries(goals)) this.#drawGoal(section, key, goal);
      section.dataset.how = how;
      if (passed && !("passed" in section.dataset)) {
        section.dataset.passed = "now";
        stop.dataset.passed = "";
        this.#page.querySelector("[data-announce]").textContent = say("step-passed", { title: title(section) });
        this.dispatchEvent(new CustomEvent("passed", { detail: id }));
      }
    }
    this.#count();
  }

  #drawGoal(section, key, { passed, says }) {
    const goal = section.querySelector(`[data-goal="${CSS.escape(key)}"]`);
    if (!goal) return;
    if (passed && !("passed" in goal.dataset)) {
      goal.dataset.passed = "now";
      goal.querySelector("[data-goal-done]").hidden = false;
    }
    setText(goal.querySelector(".goals__says"), passed ? "" : says);
  }

  #count() {
    const stops = [...this.#page.querySelectorAll("[data-stop]")];
    const passed = stops.filter((stop) => "passed" in stop.dataset);
    const complete = passed.length === stops.length;
    this.#page.querySelector("[data-done]").textContent = say("done", { passed: passed.length, total: stops.length });
    this.#page.querySelector("[data-passed-steps]").value = passed.length;
    this.#page.querySelector('[data-end="complete"]').hidden = !complete;
    this.#page.querySelector('[data-end="left"]').hidden = complete;
    for (const stop of passed) this.#page.querySelector(`[data-left="${CSS.escape(stop.dataset.stop)}"]`).hidden = true;
  }
}

const title = (section) => section.querySelector("h2").textContent;

const idOf = (section) => (section.dataset.step === END ? "" : section.dataset.step);
