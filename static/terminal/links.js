// Links in the output open in a tab of their own that knows nothing of this page.

import { WebLinksAddon } from "@xterm/addon-web-links";

const open = (_, address) => {
  if (["http:", "https:"].includes(new URL(address).protocol)) window.open(address, "_blank", "noopener,noreferrer");
};

/** For addresses that stand in the text, and for those that a program puts behind one (OSC 8). */
export const webLinks = () => new WebLinksAddon(open);
export const linkHandler = { activate: open };
