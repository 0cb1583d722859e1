// The file that is open: shown in the editor where it is a text, saved, downloaded, removed. An unsaved text outlives a
// lost connection and the page itself (drafts.js).

import { setText } from "../text.js";
import { say } from "../words.js";

import { bytesOf, textOf } from "./bytes.js";
import * as doors from "./doors.js";
import * as drafts from "./drafts.js";
import { nameOf } from "./folder.js";

const SETTLED = 300; // ms without a key, after which a text is kept as a draft

/** Events: "opened", "closed" (detail: whether the focus was in it), "saved", "folder" (detail: a path that turned out
 * to be one). */
export class Opened extends EventTarget {
  #box;
  #confirm;
  #editor = null;
  #path = "";
  #version = null; // of the file as it was opened or saved last; null for one that is not there
  #saved = ""; // the text of that version
  #timer = 0;
  #saving = null;
  #failed = false; // it could not be read; tried again when something has changed

  constructor(box, confirm) {
    super();
    this.#box = box;
    this.#confirm = confirm;
    addEventListener("pagehide", () => this.#keep());
  }

  get path() {
    return this.#path;
  }

  get dirty() {
    return this.#editor !== null && (this.#version === null || this.#editor.text !== this.#saved);
  }

  async open(path, { focus = true } = {}) {
    if (path === this.#path && !this.#failed) {
      this.#editor?.focus();
      return;
    }
    if (path !== this.#path) this.close();
    this.#path = path;
    this.#failed = false;
    this.#box.hidden = false;
    this.#box.querySelector("[data-files-name]").textContent = path;
    this.#say(say("files-loading"));
    this.dispatchEvent(new CustomEvent("opened"));
    try {
      const content = await doors.read(path);
      if (path === this.#path) await this.#show(content, drafts.find(path), focus);
    } catch (error) {
      if (path === this.#path) await this.#couldNotOpen(error, drafts.find(path), focus);
    }
  }

  async #couldNotOpen(error, draft, focus) {
    const path = this.#path;
    if (error.why === "folder") {
      this.close();
      this.dispatchEvent(new CustomEvent("folder", { detail: path }));
    } else if (draft && ["missing", "offline", "away", "no-seat"].includes(error.why)) {
      await this.#edit(draft, draft.text, focus);
      this.#version = error.why === "missing" ? null : draft.version;
      this.#drawDirty();
      this.#say(say("files-draft"), "warning", ["discard"]);
    } else {
      this.#failed = true;
      this.#say(error.message, "error", ["again-file"]);
    }
  }

  async #show({ bytes, version }, draft, focus) {
    const content = textOf(bytes);
    if (!content) {
      this.#editor?.destroy();
      this.#editor = null;
      delete this.#box.dataset.editing;
      this.#say(say("files-no-text"), "", ["download"]);
      return;
    }
    await this.#edit(draft ?? content, content.text, focus);
    this.#version = draft?.version ?? version;
    this.#drawDirty();
    if (draft && this.dirty) this.#say(say("files-draft"), "warning", ["discard"]);
    else this.#say("");
  }

  async #edit({ text, separator }, saved, focus) {
    const path = this.#path;
    const { Editor } = await import("./editor.js");
    if (path !== this.#path) return;
    this.#editor?.destroy();
    this.#saved = saved;
    this.#editor = new Editor(this.#box.querySelector("[data-files-editor]"), {
      text,
      separator,
      path,
      label: say("files-editor", { name: path }),
      changed: () => this.#changed(),
      save: () => this.save(),
    });
    this.#box.dataset.editing = "";
    if (focus) this.#editor.focus();
  }

  #changed() {
    this.#drawDirty();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#keep(), SETTLED);
  }

  #keep() {
    clearTimeout(this.#timer);
    if (!this.#editor) return;
    const { text } = this.#editor;
    const separator = text.includes("\r\n") ? "\r\n" : "\n";
    if (this.dirty) drafts.keep(this.#path, { text, separator, version: this.#version });
    else drafts.drop(this.#path);
  }

  #drawDirty() {
    this.#box.toggleAttribute("data-dirty", this.dirty);
    this.#box.querySelector('[data-files-act="save"]').disabled = !this.dirty;
    this.#box.querySelector("[data-files-dirty]").hidden = !this.dirty;
  }

  /** One at a time; what is typed meanwhile stays unsaved. */
  save() {
    this.#saving ??= this.#save().finally(() => (this.#saving = null));
    return this.#saving;
  }

  async #save(over = this.#version === null ? doors.NEW : doors.asOpened(this.#version)) {
    if (!this.dirty) return;
    const { text } = this.#editor;
    const path = this.#path;
    this.#say(say("files-saving"));
    try {
      const version = await doors.write(path, bytesOf(text), over);
      if (path !== this.#path) return;
      this.#version = version;
      this.#saved = text;
      this.#keep();
      this.#drawDirty();
      this.#say(say("files-saved"));
      this.dispatchEvent(new CustomEvent("saved"));
    } catch (error) {
      if (path === this.#path) await this.#couldNotSave(error);
    }
  }

  async #couldNotSave(error) {
    this.#keep();
    if (!["changed", "exists"].includes(error.why)) {
      this.#say(`${error.message} ${say("files-kept")}`, "error");
      return;
    }
    const path = this.#path;
    const answer = await this.#confirm("changed", nameOf(path));
    if (answer === "mine") await this.#save(doors.ANYTHING);
    else if (answer === "theirs") await this.discard();
    else this.#say(error.message, "warning");
    this.#editor?.focus();
  }

  /** Back to what is in the seat. */
  async discard() {
    const path = this.#path;
    this.#forget();
    this.#path = "";
    await this.open(path);
  }

  /** Take in what a command has done to the file, unless the learner has changed it, too. */
  async refresh() {
    const path = this.#path;
    if (this.#failed) await this.open(path, { focus: false });
    if (!this.#editor || this.dirty || this.#saving) return;
    try {
      const content = await doors.read(path);
      if (path !== this.#path || this.dirty || this.#saving || content.version === this.#version) return;
      await this.#show(content, null, this.#box.contains(document.activeElement));
    } catch (error) {
      if (error.why === "missing" && path === this.#path && !this.dirty) this.close();
    }
  }

  async download() {
    try {
      const { bytes } = await doors.read(this.#path);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
      link.download = nameOf(this.#path);
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (error) {
      this.#say(error.message, "error");
    }
  }

  async remove() {
    const path = this.#path;
    if (!(await this.#confirm("remove", nameOf(path)))) return;
    try {
      await doors.remove(path);
    } catch (error) {
      if (error.why !== "missing") {
        this.#say(error.message, "error");
        return;
      }
    }
    this.#forget();
    this.close();
    this.dispatchEvent(new CustomEvent("saved"));
  }

  /** An unsaved text is kept: it is there when the file is opened again. */
  close() {
    if (!this.#path) return;
    const hadFocus = this.#box.contains(document.activeElement);
    this.#keep();
    this.#editor?.destroy();
    this.#editor = null;
    this.#path = "";
    this.#box.hidden = true;
    delete this.#box.dataset.editing;
    this.#box.removeAttribute("data-dirty");
    this.dispatchEvent(new CustomEvent("closed", { detail: hadFocus }));
  }

  focus() {
    this.#editor?.focus();
  }

  #forget() {
    clearTimeout(this.#timer);
    drafts.drop(this.#path);
    this.#editor?.destroy();
    this.#editor = null;
  }

  #say(text, kind = "", acts = []) {
    const line = this.#box.querySelector("[data-file-says]");
    line.dataset.kind = kind;
    setText(line.querySelector("p"), text);
    for (const button of line.querySelectorAll("button")) button.hidden = !acts.includes(button.dataset.filesAct);
  }
}
