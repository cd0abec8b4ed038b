// The slip of a ticket goes to the printer as soon as it is there; the button is for a second one.
(() => {
  const button = document.querySelector("[data-print]");
  button.hidden = false;
  button.addEventListener("click", () => print());
  addEventListener("load", () => print());
})();
