// Links in the output open in a tab of their own that knows nothing of this page.

import { WebLinksAddon } from "@xterm/addon-web-links";

/** For addresses that stand in the text, and for those that a program puts behind one (OSC 8). `lead` says where one
 * leads. */
export function links(lead) {
  const open = (_, text) => {
    const address = new URL(text);
    if (["http:", "https:"].includes(address.protocol)) window.open(lead(text), "_blank", "noopener,noreferrer");
  };
  return { addon: new WebLinksAddon(open), handler: { activate: open } };
}
