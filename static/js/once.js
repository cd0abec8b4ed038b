// A form with [data-once] is not submitted again by a second press, neither during the request nor while its response
// navigates to another page. After returning to the page it can be submitted again. Running validation requests of its
// fields are aborted: their responses would arrive after the form's and overwrite it.
(() => {
  let sent = new WeakSet();

  document.addEventListener("htmx:config:request", (event) => {
    const source = event.detail.ctx.sourceElement;
    if (!source.matches("[data-once]")) return;
    if (sent.has(source)) event.preventDefault();
    sent.add(source);
    for (const field of source.querySelectorAll(".htmx-request")) field.dispatchEvent(new CustomEvent("htmx:abort"));
  });

  document.addEventListener("htmx:finally:request", ({ detail }) => {
    if (!detail.ctx.hx?.redirect) sent.delete(detail.ctx.sourceElement);
  });

  addEventListener("pageshow", () => {
    sent = new WeakSet();
  });
})();
