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

// A contents list is open in the page as sent, for those without a script; a phone folds it.
const toc = document.querySelector("details.toc");
if (toc) {
  const narrow = matchMedia("(max-width: 59.99rem)");
  const fold = () => (toc.open = !narrow.matches);
  narrow.addEventListener("change", fold);
  fold();
}
