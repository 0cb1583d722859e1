// Texts that are not saved yet, by path: a page that is loaded again, or a lesson further on, finds them in this tab.

const PREFIX = "draft:";
const OPEN = "files-open";

function attempt(act) {
  try {
    return act();
  } catch {
    return null; // storage may be forbidden, or full: the text then lives as long as the page
  }
}

/** `draft`: {text, separator, version}; version is null for a file that is not there yet. */
export const keep = (path, draft) => attempt(() => sessionStorage.setItem(PREFIX + path, JSON.stringify(draft)));
export const find = (path) => attempt(() => JSON.parse(sessionStorage.getItem(PREFIX + path)));
export const drop = (path) => attempt(() => sessionStorage.removeItem(PREFIX + path));

/** Where the pane was: {folder, file}, or null when it was closed. */
export const keepPlace = (place) => attempt(() => sessionStorage.setItem(OPEN, JSON.stringify(place)));
export const findPlace = () => attempt(() => JSON.parse(sessionStorage.getItem(OPEN)));
