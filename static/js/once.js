// What [data-once] sends is not sent again by a second press: not while the first is on its way, nor while its answer
// leads to another page. Whoever comes back to that page may send anew.
(() => {
  let sent = new WeakSet();

  document.addEventListener("htmx:config:request", (event) => {
    const source = event.detail.ctx.sourceElement;
    if (!source.matches("[data-once]")) return;
    if (sent.has(source)) event.preventDefault();
    sent.add(source);
  });

  document.addEventListener("htmx:finally:request", ({ detail }) => {
    if (!detail.ctx.hx?.redirect) sent.delete(detail.ctx.sourceElement);
  });

  addEventListener("pageshow", () => {
    sent = new WeakSet();
  });
})();
