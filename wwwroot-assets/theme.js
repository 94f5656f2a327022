// Runs before anything is drawn: a remembered theme must not flash in the other one's colours.
(() => {
  const choice = localStorage.getItem("orchestrator.theme");
  if (choice === "light" || choice === "dark") {
    document.documentElement.dataset.theme = choice;
  }
})();
