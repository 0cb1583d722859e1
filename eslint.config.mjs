// What can be wrong in the front end's modules without running them; how they look is prettier's.
import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    files: ["static/**/*.js"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: globals.browser },
    rules: {
      eqeqeq: "error",
      "no-control-regex": "off", // a terminal's bytes are what static/terminal is about
      "no-shadow": "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
];
