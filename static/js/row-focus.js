// In a list that is swapped as a whole the focus keeps its place: from a row that left it goes to the name in the row that
// follows, and not to a button there, which somebody might just be pressing.
(() => {
  const list = document.querySelector("[data-row-focus]");
  const rows = () => [...list.querySelectorAll("tbody tr")];
  let place = null;

  document.addEventListener("htmx:before:swap", () => {
    const focused = document.activeElement;
    place = list.contains(focused) ? Math.max(0, rows().indexOf(focused.closest("tr"))) : null;
  });
  document.addEventListener("htmx:after:settle", () => {
    if (place === null || document.activeElement !== document.body) return;
    const row = rows()[place] ?? rows().at(-1);
    (row ?? list).querySelector("a")?.focus();
  });
})();
