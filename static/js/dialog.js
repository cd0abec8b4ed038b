// The page's one dialog. Content that htmx swaps into #dialog opens it as modal; an empty response, the event
// closeDialog (HX-Trigger: closeDialog), [data-close] and Escape close it, and the focus returns to its opener.
(() => {
  const frame = document.getElementById("dialog-frame");
  const content = document.getElementById("dialog");
  const toasts = document.getElementById("toasts");
  if (!frame) return;
  const FIELD = "select, textarea, input:not([type=hidden])";
  let opener = null;
  let hadFocus = false;

  // Everything outside an open modal dialog is inert, so the toasts move into it and out again.
  const house = (home) => (home.moveBefore ? home.moveBefore(toasts, null) : home.append(toasts));

  const open = () => {
    if (frame.open) return;
    frame.showModal();
    house(frame);
  };

  const close = () => {
    if (frame.open) frame.close();
  };

  // A push may have replaced the opener meanwhile: the new element has the same id.
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

  // What had the focus may be gone: it goes to the first field of new content, or to the main button of the form.
  document.addEventListener("htmx:before:swap", () => {
    hadFocus = content.contains(document.activeElement);
  });
  document.addEventListener("htmx:after:settle", ({ target }) => {
    if (!hadFocus || !frame.open || frame.contains(document.activeElement)) return;
    const next = (target === content && content.querySelector(FIELD)) || content.querySelector("button.main");
    next?.focus();
  });

  frame.addEventListener("close", () => {
    house(document.body);
    content.replaceChildren();
    returnFocus();
  });

  // A slow answer to a press outside closes no dialog that was opened meanwhile.
  content.addEventListener("closeDialog", close);

  // Without scripts a close link leads back to a page; here it only closes.
  document.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-close]");
    if (!closer || !frame.contains(closer)) return;
    event.preventDefault();
    close();
  });
})();
