// The file pane beside the terminal: a folder and an open file. It folds away, and a page that is loaded again finds it
// as it was.

import { ask } from "../ask.js";

import * as doors from "./doors.js";
import * as drafts from "./drafts.js";
import { Folder, nameOf } from "./folder.js";
import { Opened } from "./opened.js";

const SETTLED = 400; // ms after the last sign that something may have changed

/** The learner's answer to one of the pane's questions, which all are about a name. */
const confirm = (question, name) =>
  ask(`files-${question}`, (dialog) => (dialog.querySelector("[data-about]").textContent = name));

export class FilesPane {
  #pane;
  #box;
  #button;
  #folder;
  #opened;
  #timer = 0;

  constructor(pane) {
    this.#pane = pane;
    this.#box = pane.querySelector("[data-files]");
    this.#button = pane.querySelector('[data-tool="files"]');
    this.#folder = new Folder(this.#box.querySelector("[data-files-folder]"), confirm);
    this.#opened = new Opened(this.#box.querySelector("[data-files-opened]"), confirm);
    this.#box.addEventListener("click", ({ target }) => {
      const act = target.closest("[data-files-act]")?.dataset.filesAct;
      if (act) this.#acts[act]();
    });
    this.#box.addEventListener("keydown", (event) => {
      if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
      event.preventDefault(); // the browser would save the page
      this.#opened.save();
    });
    addEventListener("focus", () => this.changed());
    this.#listen();
    this.#restore();
  }

  #acts = {
    "new-file": () => this.#folder.startNew("file"),
    "new-folder": () => this.#folder.startNew("folder"),
    upload: () => this.#folder.chooseUploads(),
    again: () => this.#folder.refresh(),
    "remove-folder": () => this.#removeFolder(),
    save: () => this.#opened.save(),
    download: () => this.#opened.download(),
    remove: () => this.#opened.remove(),
    discard: () => this.#opened.discard(),
    "again-file": () => this.#opened.discard(),
    close: () => this.#opened.close(),
  };

  #listen() {
    this.#folder.addEventListener("open", ({ detail }) => this.#opened.open(detail));
    this.#folder.addEventListener("moved", () => this.#drawn());
    this.#opened.addEventListener("opened", () => this.#drawn());
    this.#opened.addEventListener("folder", ({ detail }) => this.#folder.go(detail));
    this.#opened.addEventListener("saved", () => this.#folder.refresh());
    this.#opened.addEventListener("closed", ({ detail: hadFocus }) => {
      this.#drawn();
      if (hadFocus) (this.#box.querySelector("[data-entry]") ?? this.#button).focus();
    });
  }

  toggle() {
    const open = this.#box.hidden;
    this.#unfold(open);
    if (open) this.#folder.go(this.#folder.path);
    else this.#button.focus();
    this.#drawn();
  }

  /** Something may have changed in the seat: a command has ended, or the learner was elsewhere. */
  changed() {
    if (this.#box.hidden) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      await this.#folder.refresh();
      await this.#opened.refresh();
    }, SETTLED);
  }

  #drawn() {
    this.#box.toggleAttribute("data-one-open", this.#opened.path !== "");
    this.#folder.mark(this.#opened.path);
    drafts.keepPlace(this.#box.hidden ? null : { folder: this.#folder.path, file: this.#opened.path });
  }

  #unfold(open) {
    this.#box.hidden = !open;
    this.#pane.toggleAttribute("data-with-files", open);
    this.#button.setAttribute("aria-expanded", String(open));
  }

  async #restore() {
    const place = drafts.findPlace();
    if (!place) return;
    this.#unfold(true);
    await this.#folder.go(place.folder);
    if (place.file) await this.#opened.open(place.file, { focus: false });
  }

  async #removeFolder() {
    const { path } = this.#folder;
    if (!(await confirm("remove", nameOf(path)))) return;
    if (this.#opened.path.startsWith(`${path}/`)) this.#opened.close();
    await doors.remove(path).catch(() => null); // what is still there, the list shows
    await this.#folder.go(path.slice(0, Math.max(0, path.lastIndexOf("/"))));
  }
}
