// Buttons that copy a field: shown only where the browser can.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  if (!navigator.clipboard || !field) continue;
  button.hidden = false;
  const status = button.querySelector("[data-copied]");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      if (status) {
        status.classList.remove("vh");
        status.textContent = status.dataset.copied;
      }
    } catch {
      field.focus();
      field.select(); // the person copies by hand
    }
  });
}
