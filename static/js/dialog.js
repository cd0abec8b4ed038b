// The page's one dialog. Whatever htmx puts into #dialog opens it as modal; an empty answer, the event closeDialog
// (HX-Trigger: closeDialog), [data-close] and Escape close it, and the focus goes back to what opened it.
(() => {
  const frame = document.getElementById("dialog-frame");
  const content = document.getElementById("dialog");
  const toasts = document.getElementById("toasts");
  if (!frame) return;
  let opener = null;

  // Outside an open modal dialog nothing can be reached, so the toasts move in with it and out again.
  const house = (home) => (home.moveBefore ? home.moveBefore(toasts, null) : home.append(toasts));

  const open = () => {
    if (frame.open) return;
    frame.showModal();
    house(frame);
  };

  const close = () => {
    if (frame.open) frame.close();
  };

  // The opener may have been redrawn by a push meanwhile: then its successor has the same id.
  const returnFocus = () => {
    const successor = opener?.isConnected ? opener : document.getElementById(opener?.id);
    (successor ?? document.getElementById("main"))?.focus();
    opener = null;
  };

  document.addEventListener("htmx:config:request", ({ detail }) => {
    if (!frame.open && detail.ctx.target === content) opener = detail.ctx.sourceElement;
  });

  document.addEventListener("htmx:after:settle", (event) => {
    if (event.target !== content) return;
    content.childElementCount ? open() : close();
  });

  frame.addEventListener("close", () => {
    house(document.body);
    content.replaceChildren();
    returnFocus();
  });

  document.addEventListener("closeDialog", close);

  // A link to close is a way back for a page without scripts; here it only closes.
  document.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-close]");
    if (!closer || !frame.contains(closer)) return;
    event.preventDefault();
    close();
  });
})();
