// What the scripts say to people, translated by the server.

const words = JSON.parse(document.getElementById("words").textContent);

/** The sentence of that name, with `{name}` parts filled in. */
export const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
