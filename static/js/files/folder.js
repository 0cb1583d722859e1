// One folder of the seat: the way to it, what is in it, and what is made in it.

import { setText } from "../text.js";
import { say } from "../words.js";

import * as doors from "./doors.js";

const LARGEST = 4 * 1024 * 1024; // playground/files/paths.py
const KIB = 1024;

export const joined = (folder, name) => (folder ? `${folder}/${name}` : name);
export const nameOf = (path) => path.slice(path.lastIndexOf("/") + 1);

const sizeOf = (bytes) =>
  bytes < KIB
    ? say("files-bytes", { size: bytes })
    : say("files-kib", { size: Math.ceil(bytes / KIB).toLocaleString() });

const KINDS = { folder: () => "", link: () => say("files-kind-link"), other: () => say("files-kind-other") };
const NEW = { file: () => say("files-new-file"), folder: () => say("files-new-folder") };

/** Events: "open" (detail: a file's path), "moved". */
export class Folder extends EventTarget {
  #box;
  #confirm;
  #path = "";
  #drawn = "";
  #asked = 0;

  constructor(box, confirm) {
    super();
    this.#box = box;
    this.#confirm = confirm;
    box.addEventListener("click", ({ target }) => {
      const entry = target.closest("[data-entry]");
      if (entry) this.#choose(entry.dataset);
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#make();
    });
    this.#form.addEventListener("keydown", ({ key }) => key === "Escape" && this.#closeForm());
    this.#form.querySelector("[type=button]").addEventListener("click", () => this.#closeForm());
    this.#chooser.addEventListener("change", () => this.#upload());
  }

  get path() {
    return this.#path;
  }

  get #form() {
    return this.#box.querySelector("[data-files-new]");
  }

  get #chooser() {
    return this.#box.querySelector("input[type=file]");
  }

  async go(path) {
    this.#path = path;
    this.#drawn = "";
    this.#say(say("files-loading"));
    this.#box.querySelector("[data-entries]").replaceChildren();
    this.#drawPath();
    this.dispatchEvent(new CustomEvent("moved"));
    await this.refresh();
  }

  /** Read it again. What has not changed is not drawn again: focus and scroll stay where they are. */
  async refresh() {
    const asked = ++this.#asked;
    try {
      const listing = await doors.list(this.#path);
      if (asked === this.#asked) this.#draw(listing);
    } catch (error) {
      if (asked !== this.#asked) return;
      if (error.why === "missing" && this.#path) await this.go("");
      else this.#say(error.message, { again: error.why !== "no-seat" });
    }
  }

  /** Ask for a name. `kind` is "file" or "folder". */
  startNew(kind) {
    const form = this.#form;
    form.dataset.kind = kind;
    form.hidden = false;
    form.querySelector("label").textContent = NEW[kind]();
    form.querySelector("input").value = "";
    form.querySelector("input").focus();
  }

  chooseUploads() {
    this.#chooser.click();
  }

  /** Mark the entry whose file is open. */
  mark(path) {
    for (const entry of this.#box.querySelectorAll("[data-entry]")) {
      if (joined(this.#path, entry.dataset.entry) === path) entry.setAttribute("aria-current", "true");
      else entry.removeAttribute("aria-current");
    }
  }

  #draw({ entries, more }) {
    this.#say(entries.length ? (more ? say("files-more", { number: entries.length }) : "") : say("files-empty"));
    const drawn = JSON.stringify(entries);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const had = this.#box.querySelector("[data-entry]:focus")?.dataset.entry;
    this.#box.querySelector("[data-entries]").replaceChildren(...entries.map((entry) => this.#entry(entry)));
    if (had) this.#box.querySelector(`[data-entry="${CSS.escape(had)}"]`)?.focus();
    this.dispatchEvent(new CustomEvent("moved"));
  }

  #entry({ name, kind, size, named }) {
    const item = document.createElement("li");
    const button = this.#box.querySelector("[data-entry-template]").content.cloneNode(true).firstElementChild;
    button.querySelector(`[data-kind="${kind === "folder" ? "folder" : "file"}"]`).hidden = false;
    button.querySelector("[data-name]").textContent = name;
    button.querySelector("[data-size]").textContent = kind === "file" ? sizeOf(size) : KINDS[kind]();
    button.disabled = !named || kind === "other";
    button.dataset.entry = name;
    button.dataset.kind = kind;
    item.append(button);
    return item;
  }

  /** Where a link leads, the seat knows: it is tried as a file, which says whether it is a folder. */
  #choose({ entry, kind }) {
    const path = joined(this.#path, entry);
    if (kind === "folder") this.go(path);
    else this.dispatchEvent(new CustomEvent("open", { detail: path }));
  }

  #drawPath() {
    const parts = this.#path ? this.#path.split("/") : [];
    const steps = [["~", ""], ...parts.map((part, place) => [part, parts.slice(0, place + 1).join("/")])];
    const items = steps.map(([name, path]) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      if (name === "~") button.setAttribute("aria-label", say("files-home"));
      if (path === this.#path) button.setAttribute("aria-current", "location");
      button.addEventListener("click", () => this.go(path));
      item.append(button);
      return item;
    });
    this.#box.querySelector("[data-files-path]").replaceChildren(...items);
    this.#box.querySelector('[data-files-act="remove-folder"]').hidden = !this.#path;
  }

  #closeForm() {
    this.#form.hidden = true;
    this.#box.querySelector(`[data-files-act="new-${this.#form.dataset.kind}"]`).focus();
  }

  async #make() {
    const name = this.#form.querySelector("input").value.trim();
    if (!name) return;
    const path = joined(this.#path, name);
    try {
      if (this.#form.dataset.kind === "folder") await doors.makeFolder(path);
      else await doors.write(path, "", doors.NEW);
    } catch (error) {
      this.#say(error.message);
      return;
    }
    this.#closeForm();
    await this.refresh();
    if (this.#form.dataset.kind === "folder") this.go(path);
    else this.dispatchEvent(new CustomEvent("open", { detail: path }));
  }

  async #upload() {
    const files = [...this.#chooser.files];
    this.#chooser.value = "";
    let problem = "";
    for (const file of files) problem = (await this.#uploadOne(file)) || problem;
    await this.refresh();
    if (problem) this.#say(problem);
  }

  /** What went wrong, or "". */
  async #uploadOne(file) {
    if (file.size > LARGEST) return say("files-too-large", { name: file.name });
    const path = joined(this.#path, file.name);
    this.#say(say("files-uploading", { name: file.name }));
    try {
      await doors.write(path, file, doors.NEW);
    } catch (error) {
      if (error.why !== "exists") return error.message;
      if (!(await this.#confirm("replace", file.name))) return "";
      return doors.write(path, file, doors.ANYTHING).then(
        () => "",
        ({ message }) => message,
      );
    }
    return "";
  }

  #say(text, { again = false } = {}) {
    setText(this.#box.querySelector("[data-files-says]"), text);
    this.#box.querySelector('[data-files-act="again"]').hidden = !again;
  }
}
