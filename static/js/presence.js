// Tells the server that somebody is at work, so that time spent is time with the lesson and not with an open tab.

const EVERY = 30_000;
const IDLE = 120_000;

export function startPresence(progress, lesson) {
  let active = Date.now();
  for (const sign of ["keydown", "pointerdown", "wheel", "touchmove"]) {
    addEventListener(sign, () => (active = Date.now()), { capture: true, passive: true });
  }
  const tell = () => {
    if (!document.hidden && Date.now() - active < IDLE) progress.tell({ type: "here", lesson, step: "" });
  };
  progress.addEventListener("connected", tell);
  setInterval(tell, EVERY);
}
