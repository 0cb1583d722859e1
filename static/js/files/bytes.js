// Bytes and text: what is opened and saved without a change is the same file, to the last byte.

export const LARGEST_TEXT = 256 * 1024;

/** {text, separator} where the bytes are a text that an editor can hold, else null. */
export function textOf(bytes) {
  if (bytes.length > LARGEST_TEXT || bytes.includes(0)) return null;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, separator: separatorIn(text) };
  } catch {
    return null; // bytes that are no UTF-8
  }
}

export const bytesOf = (text) => new TextEncoder().encode(text);

/** Where line ends are mixed, CR is a character like others. */
const separatorIn = (text) => (/\r\n/.test(text) && !/[^\r]\n|^\n|\r(?!\n)/.test(text) ? "\r\n" : "\n");
