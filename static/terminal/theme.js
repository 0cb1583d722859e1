// The terminal's colours on light and on dark. xterm.js moves any that a program picks until it stands out (CONTRAST).

export const CONTRAST = 4.5;

const LIGHT = {
  background: "#fdfcfa",
  foreground: "#1c2a35",
  cursor: "#1c2a35",
  cursorAccent: "#fdfcfa",
  selectionBackground: "#b9d7f0",
  selectionInactiveBackground: "#dde3e8",
  black: "#1c2a35",
  red: "#b3261e",
  green: "#1a7034",
  yellow: "#7d5a00",
  blue: "#0b5cad",
  magenta: "#8a2a8f",
  cyan: "#0b6b78",
  white: "#5c6b77",
  brightBlack: "#5f6d78",
  brightRed: "#c5221f",
  brightGreen: "#137333",
  brightYellow: "#8a5a00",
  brightBlue: "#1967d2",
  brightMagenta: "#9c27b0",
  brightCyan: "#00707d",
  brightWhite: "#1c2a35",
};

const DARK = {
  background: "#0a1218",
  foreground: "#dbe4ea",
  cursor: "#dbe4ea",
  cursorAccent: "#0a1218",
  selectionBackground: "#24506f",
  selectionInactiveBackground: "#22313c",
  black: "#22313c",
  red: "#ff7b72",
  green: "#6fd08c",
  yellow: "#e3b341",
  blue: "#6cb6ff",
  magenta: "#dda0e8",
  cyan: "#5fd0dc",
  white: "#c3ced6",
  brightBlack: "#8796a2",
  brightRed: "#ffa198",
  brightGreen: "#96e6ae",
  brightYellow: "#f2cc60",
  brightBlue: "#96cbff",
  brightMagenta: "#ebc2f2",
  brightCyan: "#92e3ec",
  brightWhite: "#ffffff",
};

export const colours = (dark) => (dark ? DARK : LIGHT);

/** How matches of a search stand out. */
export const matches = (dark) => ({
  matchBackground: dark ? "#5c4a12" : "#ffe08a",
  matchOverviewRuler: dark ? "#e3b341" : "#7d5a00",
  activeMatchBackground: dark ? "#a5670a" : "#ffb74d",
  activeMatchColorOverviewRuler: dark ? "#ffffff" : "#1c2a35",
});
