// The file pane's button. The pane itself is fetched when it is opened, or was open before.

import { findPlace } from "./drafts.js";

/** Tell `changed()` that something may have changed in the seat. */
export function startFiles(pane) {
  let loading = null;
  const load = () => (loading ??= import("./pane.js").then(({ FilesPane }) => new FilesPane(pane)));
  pane.querySelector('[data-tool="files"]').addEventListener("click", async () => (await load()).toggle());
  if (findPlace()) load();
  return { changed: async () => (await loading)?.changed() };
}
