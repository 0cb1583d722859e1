// xterm.js makes style elements as it opens. The page's Content-Security-Policy lets in only those that carry its nonce.

/** Run `act`; style elements that it makes carry the nonce of this page's scripts. */
export function withNonce(act) {
  const nonce = document.querySelector("script[nonce]")?.nonce ?? "";
  // xterm.js' own documentOverride does not reach its scrollbar's style element (6.0.0), so `document` itself is
  // overridden, for as long as this call.
  document.createElement = (name, options) => {
    const element = Document.prototype.createElement.call(document, name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };
  try {
    act();
  } finally {
    delete document.createElement;
  }
}
