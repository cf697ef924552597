// Menus are <details>: they open without a script. With one they also close by Esc and by a press elsewhere.

function openMenus() {
  return document.querySelectorAll("details.menu[open]");
}

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary").focus();
  }
});

// A contents list, or what narrows a search, is open in the page as sent, for those without a script; a phone folds it.
for (const [what, width] of [["details.toc", "59.99rem"], ["details.facets", "55.99rem"]]) {
  const list = document.querySelector(what);
  if (!list) continue;
  const narrow = matchMedia(`(max-width: ${width})`);
  const fold = () => (list.open = !narrow.matches);
  narrow.addEventListener("change", fold);
  fold();
}
