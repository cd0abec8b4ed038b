// Menus are <details> and work without scripts; this closes them on Escape, on a click elsewhere and on focus out.
(() => {
  const opened = () => document.querySelectorAll("details.menu[open]");

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of opened()) {
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    }
  });

  for (const leaving of ["click", "focusin"]) {
    document.addEventListener(leaving, (event) => {
      for (const menu of opened()) if (!menu.contains(event.target)) menu.open = false;
    });
  }
})();
