// The file pane's button. The pane itself is fetched when it is opened, or was open before.

import { findPlace } from "./drafts.js";

/** Tell `changed()` that something may have changed in the seat. */
export function startFiles(pane) {
  let loading = null;
  const { dataset } = document.documentElement;
  const load = () => (loading ??= import("./pane.js").then(loaded, missed));

  function loaded({ FilesPane }) {
    delete dataset.partial;
    return new FilesPane(pane);
  }

  /** The page says so (templates/parts/partial.html), and the next click tries again. */
  function missed() {
    loading = null;
    dataset.partial = "told";
  }

  pane.querySelector('[data-tool="files"]').addEventListener("click", async () => (await load())?.toggle());
  if (findPlace()) load();
  return { changed: async () => (await loading)?.changed() };
}
