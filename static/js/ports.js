// The ports that the learner's containers publish: links above the terminal, which are also where addresses of
// localhost in the terminal's output lead.

import { say } from "./words.js";

const LOCAL = ["localhost", "127.0.0.1", "0.0.0.0", "[::1]"];

export class Ports {
  #list;
  #addresses = new Map(); // by port

  constructor(list) {
    this.#list = list;
  }

  /** `ports`: [{port, url}], all of them. Links that stay keep their place, and the focus. */
  draw(ports) {
    this.#addresses = new Map(ports.map(({ port, url }) => [port, url]));
    for (const item of [...this.#list.children]) {
      if (!this.#addresses.has(Number(item.dataset.port))) item.remove();
    }
    ports.forEach(({ port, url }, place) => {
      const item = this.#list.querySelector(`[data-port="${port}"]`) ?? this.#item(port);
      item.querySelector("a").href = url;
      if (this.#list.children[place] !== item) this.#list.insertBefore(item, this.#list.children[place] ?? null);
    });
  }

  /** Where an address that stands in the terminal leads: a published port's to its preview, all others as they are. */
  address(text) {
    const url = new URL(text);
    const home = LOCAL.includes(url.hostname) && this.#addresses.get(Number(url.port || 80));
    return home ? new URL(`.${url.pathname}${url.search}${url.hash}`, new URL(home, location.href)).href : text;
  }

  #item(port) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const host = document.createElement("span");
    host.className = "ports__host";
    host.textContent = "localhost";
    link.append(host, `:${port}`);
    link.className = "ports__link";
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.title = say("port", { port });
    link.setAttribute("aria-label", link.title);
    item.dataset.port = port;
    item.append(link);
    return item;
  }
}
