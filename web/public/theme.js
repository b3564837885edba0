// Runs before the first paint, so that a dark screen never flashes white.
(function () {
  var root = document.documentElement;
  try {
    var theme = localStorage.getItem("switchboard.theme");
    var dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
    root.dataset.theme = dark ? "dark" : "light";
    root.dataset.density = localStorage.getItem("switchboard.density") === "compact" ? "compact" : "comfortable";
  } catch {
    root.dataset.theme = "light";
  }
})();
