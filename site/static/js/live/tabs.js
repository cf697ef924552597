// Questions, opinions, polls: one at a time. Without scripts each tab is a page of its own (?show=…).

export function mountTabs() {
  const panel = document.querySelector(".panel");
  const tabs = panel?.querySelectorAll(".tabs > a") ?? [];
  for (const tab of tabs) {
    tab.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      panel.dataset.shown = tab.dataset.shows;
      for (const other of tabs) other.removeAttribute("aria-current");
      tab.setAttribute("aria-current", "true");
      history.replaceState(null, "", tab.href);
    });
  }
}
