// Buttons that copy a field's text; without a clipboard API they are hidden, and the field can be selected.
(() => {
  const SAID_FOR = 2_000;
  for (const button of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
    const words = button.querySelector("span");
    const usual = words.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      field.select();
      await navigator.clipboard.writeText(field.value);
      words.textContent = button.dataset.done;
      setTimeout(() => {
        words.textContent = usual;
      }, SAID_FOR);
    });
  }
})();
