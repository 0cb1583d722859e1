// Draws a picture of the seat (playground/map/picture.py). Names are text and never markup.

import { say } from "../words.js";

const MB = 1e6; // as the CLI counts sizes
const MOST_SLABS = 12; // more layers of one stack would be too thin to see
const MOST_ACROSS = 4; // containers side by side on one image
const about = new WeakMap(); // what each thing is, for explain.js

/** What the element of a thing stands for: {kind, …}. */
export const aboutOf = (drawn) => about.get(drawn);

/** "running", "exited", …; a bad end has a state of its own. */
export function looksOf({ state, exit_code: code, oom }) {
  if (state !== "exited") return state;
  if (oom) return "oom";
  return code ? "failed" : "exited";
}

export const megabytes = (size) => say("map-size", { size: (size / MB).toFixed(size < 10 * MB ? 1 : 0) });

export function nameOf(image) {
  return image.names[0] ?? say("map-unnamed");
}

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

const label = (...name) => element("span", "thing__name", ...name);

/** `along`: the keys of things that belong to it, and light up with it. */
function thing(className, key, what, along, ...children) {
  const button = element("button", `thing ${className}`, ...children);
  button.type = "button";
  button.tabIndex = -1;
  button.dataset.key = key;
  button.dataset.along = along.join(" ");
  about.set(button, what);
  return button;
}

/** The tag that goes without saying is left out where there is little room. */
function tagged(name) {
  const [, repository, tag] = name.match(/^(.*?)(:latest)?$/s);
  return tag ? [repository, element("span", "latest", tag)] : [repository];
}

export class Drawing {
  #icons;

  /** `icons`: elements to be cloned, by name. */
  constructor(icons) {
    this.#icons = icons;
  }

  /** The images, and the containers on them. */
  stacks(picture) {
    return picture.stacks.map((stack) => this.#stack(stack));
  }

  /** Networks and volumes, with who is on them. */
  rails(picture) {
    const containers = picture.stacks.flatMap(containersOf);
    const rail = (kind, field, name) => {
      const members = containers.filter((container) => container[field].includes(name));
      const what = { kind, name, members: members.map((container) => container.name) };
      const keys = members.map((container) => `container:${container.id}`);
      return thing(`rail rail--${kind}`, `${kind}:${name}`, what, keys, this.#icon(kind), label(name));
    };
    return [
      ...picture.networks.map((name) => rail("network", "networks", name)),
      ...picture.volumes.map((name) => rail("volume", "volumes", name)),
    ];
  }

  /** What can be pulled; what has been is marked. */
  offers(hub, picture) {
    const here = new Set(picture ? picture.stacks.flatMap(imagesOf).flatMap((image) => image.names) : []);
    return hub.map((name) => {
      const pulled = here.has(name);
      const offer = thing(
        "offer",
        `hub:${name}`,
        { kind: "offer", name, pulled },
        [],
        label(name.replace(/:latest$/, "")),
      );
      offer.toggleAttribute("data-pulled", pulled);
      return offer;
    });
  }

  #stack(stack) {
    const images = stack.images.map((image) => this.#image(image));
    const above = stack.above.map((one) => this.#stack(one));
    const made = element("div", "pile", element("div", "pile__above", ...images, ...above), this.#layers(stack));
    made.toggleAttribute("data-shared", stack.images.length + stack.above.length > 1);
    return made;
  }

  #layers(stack) {
    const standing = imagesOf(stack);
    const images = standing.map(nameOf);
    const count = stack.layers.length;
    const what = { kind: "layers", count, images, image: standing.find((image) => image.names.length) ?? standing[0] };
    const slabs = Array.from({ length: Math.min(count, MOST_SLABS) }, () => element("i", "slab"));
    const words = element("span", "visually-hidden", say("map-layers", { count, images: images.join(", ") }));
    const keys = standing.map((image) => `image:${image.id}`);
    return thing("layers", `layers:${stack.layers.at(-1)}`, what, keys, ...slabs, words);
  }

  #image(image) {
    const keys = [
      ...image.containers.map((container) => `container:${container.id}`),
      ...image.names.map((name) => `hub:${name}`),
    ];
    const names = image.names.length ? image.names : [say("map-unnamed")];
    const plate = thing(
      "plate",
      `image:${image.id}`,
      { kind: "image", ...image },
      keys,
      ...names.map((name) => label(...tagged(name))),
    );
    plate.toggleAttribute("data-unlisted", !image.listed);
    const containers = image.containers.map((container) => this.#container(container, image));
    const made = element("div", "image", element("div", "image__containers", ...containers), plate);
    made.style.setProperty("--across", Math.min(containers.length, MOST_ACROSS) || 1);
    return made;
  }

  #container(container, image) {
    const looks = looksOf(container);
    const marks = [
      ...container.ports.map((port) => element("span", "mark mark--port", `:${port}`)),
      ...container.networks.map((name) => element("span", "mark", this.#icon("network"), label(name))),
      ...container.volumes.map((name) => element("span", "mark", this.#icon("volume"), label(name))),
    ];
    const along = [
      `image:${image.id}`,
      ...container.networks.map((name) => `network:${name}`),
      ...container.volumes.map((name) => `volume:${name}`),
    ];
    const made = thing(
      "crate",
      `container:${container.id}`,
      { kind: "container", ...container, looks },
      along,
      element("span", "crate__sign"),
      element("span", "thing__name crate__name", container.name),
      element("span", "crate__state", say(`map-state-${looks}`, { code: container.exit_code })),
      ...(marks.length ? [element("span", "crate__marks", ...marks)] : []),
      element("i", "crate__layer"),
    );
    made.dataset.state = looks;
    return made;
  }

  #icon(name) {
    return this.#icons[name].cloneNode(true);
  }
}

/** All that stand on its layers. */
export const imagesOf = (stack) => [...stack.images, ...stack.above.flatMap(imagesOf)];

export const containersOf = (stack) => imagesOf(stack).flatMap((image) => image.containers);
