// Light or dark: the system's choice until the visitor makes their own. A cookie remembers it, so that the server can
// send the page in the right theme at once; pages that are open in other tabs follow at their next load.

const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

export const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";

function show() {
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.setAttribute("aria-pressed", String(isDark()));
  }
  document.dispatchEvent(new CustomEvent("themechange", { detail: { dark: isDark() } }));
}

function choose(theme) {
  root.dataset.theme = theme;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  show();
}

for (const button of document.querySelectorAll("[data-theme-toggle]")) {
  button.addEventListener("click", () => choose(isDark() ? "light" : "dark"));
}
system.addEventListener("change", show);
show();
