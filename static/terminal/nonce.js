// xterm.js makes style elements as it goes. The page's Content-Security-Policy lets in only those that carry its nonce.

/** A `document` whose style elements carry the nonce of this page's scripts. For xterm.js' option documentOverride. */
export function documentWithNonce() {
  const nonce = document.querySelector("script[nonce]")?.nonce;
  const createElement = (name, options) => {
    const element = document.createElement(name, options);
    if (nonce && element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };
  return new Proxy(document, {
    get(target, name) {
      if (name === "createElement") return createElement;
      const value = target[name];
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
