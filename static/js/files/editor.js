// The editor of the file pane: CodeMirror, which is fetched when the first file is opened.

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

import { languageOf } from "./languages.js";

// The page's own colours, so that the editor follows its theme (css/files.css).
const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.definitionKeyword, tags.modifier], color: "var(--code-word)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-text)" },
  { tag: [tags.comment, tags.meta], color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.number, tags.bool, tags.atom], color: "var(--code-value)" },
  { tag: [tags.variableName, tags.definition(tags.variableName), tags.propertyName], color: "var(--code-name)" },
  { tag: [tags.standard(tags.variableName), tags.attributeName], color: "var(--code-word)" },
]);

const LOOK = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--terminal-bg)", color: "var(--terminal-ink)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", fontSize: "var(--text-xs)", lineHeight: "1.6" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--terminal-bg)", color: "var(--soft)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--accent-wash)" },
  "& .cm-selectionMatch, & .cm-matchingBracket": { backgroundColor: "var(--accent-wash)" },
});

/** Options: text, separator, path, label, and what is called: changed(), save(). */
export class Editor {
  #view;

  constructor(parent, { text, separator, path, label, changed, save }) {
    const nonce = document.querySelector("script[nonce]")?.nonce ?? "";
    this.#view = new EditorView({
      parent,
      state: EditorState.create({
        doc: text,
        extensions: [
          EditorView.cspNonce.of(nonce),
          EditorState.lineSeparator.of(separator),
          EditorView.contentAttributes.of({ "aria-label": label }),
          EditorView.updateListener.of(({ docChanged }) => docChanged && changed()),
          keymap.of([
            { key: "Mod-s", preventDefault: true, run: () => (save(), true) },
            indentWithTab,
            ...defaultKeymap,
            ...historyKeymap,
          ]),
          lineNumbers(),
          history(),
          highlightSpecialChars(),
          highlightActiveLine(),
          bracketMatching(),
          indentOnInput(),
          indentUnit.of("  "),
          languageOf(path, text),
          syntaxHighlighting(COLOURS),
          LOOK,
        ],
      }),
    });
  }

  /** With the line ends that the file has. */
  get text() {
    return this.#view.state.sliceDoc();
  }

  focus() {
    this.#view.focus();
  }

  destroy() {
    this.#view.destroy();
  }
}
