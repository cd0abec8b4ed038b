// Prints a ticket's slip as soon as it is loaded; the button prints it again.
(() => {
  const button = document.querySelector("[data-print]");
  button.hidden = false;
  button.addEventListener("click", () => print());
  addEventListener("load", () => print());
})();
