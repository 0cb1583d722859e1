// Keeps what a classroom is doing up to date: asks for it when the socket says that something has changed, and every
// while for what only time changes.

import { patch } from "./roster/rows.js";
import { Sieve } from "./roster/sieve.js";
import { LEFT, Socket, TOO_MANY } from "./socket.js";

const EVERY = 15_000; // milliseconds
const EVERY_WITHOUT_SOCKET = 5000;

const shown = document.querySelector("[data-roster]");
const away = document.querySelector("[data-roster-away]");
const tools = document.querySelector("[data-roster-tools]");
const sieve = tools && new Sieve(tools, shown);
const socket = new Socket(`/ws/classrooms/${shown.dataset.classroom}/`, { final: TOO_MANY });
let asking = false;
let again = false; // it has changed while the last answer was on its way, or while nobody looked
let timer = 0;

async function ask() {
  if (asking || document.hidden) {
    again = true;
    return;
  }
  clearTimeout(timer);
  asking = true;
  again = false;
  await fetchPart();
  asking = false;
  if (again && !document.hidden) ask();
  else timer = setTimeout(ask, socket.isOpen ? EVERY : EVERY_WITHOUT_SOCKET);
}

async function fetchPart() {
  const html = await fetched();
  if (away) away.hidden = html !== null;
  if (html === null) return;
  patch(shown, html);
  sieve?.sift();
}

/** The part of the page as it is now; null while the playground does not answer. */
async function fetched() {
  try {
    const answer = await fetch(shown.dataset.roster, { headers: { accept: "text/html" }, redirect: "manual" });
    if (answer.ok) return await answer.text();
    if (answer.status === 404 || answer.type === "opaqueredirect") location.reload(); // gone, or signed out: it says so
  } catch {
    // Told by the caller.
  }
  return null;
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) ask();
});
socket.addEventListener("gone", ({ detail }) => {
  if (detail === LEFT) location.reload(); // signed out: it asks who this is
});
for (const event of ["connected", "message", "gone"]) socket.addEventListener(event, ask);
socket.connect();
