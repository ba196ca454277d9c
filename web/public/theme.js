// Runs before the first paint, so that a dark desk does not flash white. Everything else about the theme is src/app/theme.ts.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("zhiyin.theme");
  } catch {
    // storage may be forbidden; the system's preference is used then
  }
  const dark =
    chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
