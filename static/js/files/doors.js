// The server's doors to the seat's files (playground/pages/views/files.py).

import { tokenHeaders } from "../token.js";
import { say } from "../words.js";

/** `message` is a sentence for the learner; `why` one of playground/files/refusals.py, or "offline". */
export class FileError extends Error {
  constructor(message, why) {
    super(message);
    this.why = why;
  }
}

/** What may be overwritten: nothing, what was opened, anything. */
export const NEW = { "if-none-match": "*" };
export const asOpened = (version) => ({ "if-match": version });
export const ANYTHING = {};

async function ask(method, door, path, headers = {}, body = undefined) {
  const address = `/seat/${door}/?path=${encodeURIComponent(path)}`;
  let answer;
  try {
    answer = await fetch(address, { method, body, headers: { ...tokenHeaders(), ...headers } });
  } catch {
    throw new FileError(say("files-offline"), "offline");
  }
  if (answer.ok) return answer;
  const { error, why } = await answer.json().catch(() => ({}));
  throw new FileError(error ?? say("failed"), why ?? "failed");
}

/** {entries: [{name, kind, size, named}], more} */
export const list = async (path) => (await ask("GET", "folder", path)).json();

/** {bytes, version} */
export async function read(path) {
  const answer = await ask("GET", "file", path);
  return { bytes: new Uint8Array(await answer.arrayBuffer()), version: versionIn(answer) };
}

/** The new version. `over` is what may be overwritten. */
export const write = async (path, body, over) =>
  versionIn(await ask("PUT", "file", path, { ...over, "content-type": "application/octet-stream" }, body));

export const makeFolder = (path) => ask("POST", "folder", path);
export const remove = (path) => ask("DELETE", "file", path);

// A server that compresses an answer marks its version as weak.
const versionIn = (answer) => answer.headers.get("etag").replace(/^W\//, "");
