// Toasts leave by themselves when their five-second line runs out; the line is a style's animation, so it stops
// under the pointer and the focus without any help from here. The button and Escape send them away at once.
(() => {
  const leave = (toast) => {
    const region = toast.parentElement;
    const hadFocus = toast.contains(document.activeElement);
    toast.remove();
    if (hadFocus) (region.lastElementChild?.querySelector("[data-dismiss]") ?? document.querySelector("main"))?.focus();
  };

  document.addEventListener("animationend", (event) => {
    if (event.animationName === "spend" && event.target.matches(".toast")) leave(event.target);
  });

  document.addEventListener("click", (event) => {
    const toast = event.target.closest("[data-dismiss]")?.closest(".toast");
    if (toast) leave(toast);
  });

  // An open dialog or menu keeps Escape for itself, unless the toast holds the focus.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const focused = document.activeElement?.closest(".toast");
    const newest = document.querySelector("#toasts .toast:last-child");
    const isTaken = document.querySelector("dialog[open], details.menu[open]");
    const toast = focused ?? (isTaken ? null : newest);
    if (!toast) return;
    event.preventDefault();
    leave(toast);
  });

  // The same trouble twice is one toast whose line starts anew, and what succeeded takes back earlier refusals.
  const replaces = (toast, other) => toast.matches(".done") || toast.textContent === other.textContent;

  new MutationObserver((changes) => {
    const arrived = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node.matches?.(".toast"));
    for (const toast of arrived) {
      for (const other of toast.parentElement?.querySelectorAll(".toast") ?? []) {
        if (!arrived.includes(other) && replaces(toast, other)) other.remove();
      }
    }
  }).observe(document.getElementById("toasts"), { childList: true });
})();
