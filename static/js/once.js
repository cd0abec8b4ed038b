// What [data-once] sends is not sent again by a second press: not while the first is on its way, nor while its answer
// leads to another page. Whoever comes back to that page may send anew. What a field of it still asks is asked no more:
// its answer would come after that of the whole, and draw over it.
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
