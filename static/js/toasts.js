// Toasts close when their five-second line ends; the line is a CSS animation, which pauses under pointer and focus
// without a script. One with an undo collapses to its button instead. The button and Escape close them at once.
(() => {
  const region = document.getElementById("toasts");
  let origin = null;

  // The focus goes back to where it came from: beside the visit whose step was taken back, not to the top of the page.
  region.addEventListener("focusin", ({ relatedTarget }) => {
    if (relatedTarget && !region.contains(relatedTarget)) origin = relatedTarget;
  });
  const remove = (toast, next = null) => {
    const hadFocus = toast.contains(document.activeElement);
    toast.remove();
    if (hadFocus) (next ?? (origin?.isConnected ? origin : document.querySelector("main")))?.focus();
  };
  const leave = (toast) => {
    const other = [...region.children].findLast((each) => each !== toast);
    remove(toast, other?.querySelector("[data-dismiss]"));
  };

  document.addEventListener("animationend", (event) => {
    const toast = event.target.closest(".toast");
    if (event.animationName === "spend" && toast) leave(toast);
    if (event.animationName === "read" && toast) toast.classList.add("is-folded");
  });

  document.addEventListener("click", (event) => {
    const toast = event.target.closest("[data-dismiss]")?.closest(".toast");
    if (toast) leave(toast);
  });

  // Escape belongs to an open dialog or menu, unless the toast has the focus.
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

  // A repeated problem is one toast whose line restarts; a success closes earlier refusals.
  const replaces = (toast, other) => toast.matches(".done") || toast.textContent === other.textContent;

  new MutationObserver((changes) => {
    const arrived = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node.matches?.(".toast"));
    for (const toast of arrived) {
      for (const other of region.querySelectorAll(".toast")) {
        if (!arrived.includes(other) && replaces(toast, other)) remove(other);
      }
    }
  }).observe(region, { childList: true });
})();
