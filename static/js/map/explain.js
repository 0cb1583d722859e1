// What a thing on the map is, in one sentence, and the command that lists it. Pure.

import { say } from "../words.js";
import { megabytes, nameOf } from "./draw.js";

const SAFE = /^[\w][\w.:/@-]*$/; // for a command line as it stands
const COMMANDS = {
  client: () => "docker version",
  daemon: () => "docker info",
  hub: () => "docker search busybox",
  offer: ({ name }) => `docker search ${name.split(":")[0]}`,
  container: ({ looks }) => (looks === "running" ? "docker ps" : "docker ps -a"),
  image: () => "docker images",
  layers: ({ image }) => `docker history ${SAFE.test(image.names[0] ?? "") ? image.names[0] : image.id}`,
  network: () => "docker network ls",
  volume: () => "docker volume ls",
  meter: ({ command }) => command,
};
const SENTENCES = {
  client: () => say("map-client"),
  daemon: () => say("map-daemon"),
  hub: () => say("map-hub"),
  offer: ({ name, pulled }) => say(pulled ? "map-pulled" : "map-pullable", { name }),
  container: ({ name, image, looks, exit_code: code }) => say(`map-container-${looks}`, { name, image, code }),
  image: (image) =>
    say(image.listed ? "map-image" : "map-image-hidden", {
      name: image.names.join(", ") || nameOf(image),
      layers: image.layers,
      size: megabytes(image.size),
    }),
  layers: ({ count, images }) =>
    say(images.length > 1 ? "map-layers-shared" : "map-layers", { count, images: images.join(", ") }),
  network: ({ name, members }) =>
    say(members.length ? "map-network" : "map-network-empty", { name, members: members.join(", ") }),
  volume: ({ name, members }) =>
    say(members.length ? "map-volume" : "map-volume-empty", { name, members: members.join(", ") }),
  meter: ({ name, value }) => say("map-meter", { name, value }),
};

/** {text, command} of what draw.js says a thing is. */
export function explain(what) {
  return { text: SENTENCES[what.kind](what), command: COMMANDS[what.kind](what) };
}

/** A step of a command's way, in the words of the page. */
export const phrase = (step) =>
  say(`map-step-${step.word}`, { code: "?", error: "", new: "", container: "", ...step.values });
