// Which language a file is written in, by its name and its first line.

import { StreamLanguage } from "@codemirror/language";
import { dockerFile } from "@codemirror/legacy-modes/mode/dockerfile";
import { shell } from "@codemirror/legacy-modes/mode/shell";
import { yaml } from "@codemirror/legacy-modes/mode/yaml";

const KINDS = [
  { names: /(^|\/)(Dockerfile|Containerfile)[^/]*$|\.(dockerfile|containerfile)$/i, mode: dockerFile },
  { names: /\.ya?ml$/i, mode: yaml },
  { names: /\.(sh|ash|bash|env)$|(^|\/)\.(profile|shrc|env)$/i, first: /^#!.*\b(ba|da|a)?sh\b/, mode: shell },
];

/** The extension that colours it; none for plain text. */
export function languageOf(path, text) {
  const kind = KINDS.find(({ names, first }) => names.test(path) || first?.test(text));
  return kind ? StreamLanguage.define(kind.mode) : [];
}
