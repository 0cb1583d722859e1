// A classroom's seats as they come: asked for often while they are being started, and now and then otherwise.

import { fetchPart, putPart } from "./part.js";

const OFTEN = 2000;
const NOW_AND_THEN = 30_000;

const shown = document.querySelector("[data-class-seats]");
let last = "";

async function ask() {
  const html = await fetchPart(shown.dataset.classSeats);
  if (html === null || html === last) return; // without a connection it stays as it is
  last = html;
  putPart(shown, html);
}

function keep() {
  setTimeout(
    async () => {
      if (!document.hidden) await ask();
      keep();
    },
    shown.querySelector("[data-warming]") ? OFTEN : NOW_AND_THEN,
  );
}

keep();
