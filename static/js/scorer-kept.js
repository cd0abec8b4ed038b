// Offline, the page opens as it was last seen, also in a new tab, until the match is over. A worker for this one URL
// caches the page and its files; the newest board is stored here, since a tap loads no page.
(() => {
  if (!("serviceWorker" in navigator)) return;
  const main = document.getElementById("main");
  const sign = document.querySelector("[data-clock]");
  const page = location.pathname;
  const store = scorerStore(`board of ${page}`);
  let { clock } = sign.dataset;
  let isOver = false;

  const board = () => main.querySelector(".scorer-board");
  const version = () => Number(board().dataset.version);

  const showKept = () => {
    const seen = store.load();
    if (!("kept" in document.documentElement.dataset) || !(seen?.version > version())) return;
    const template = document.createElement("template");
    template.innerHTML = seen.html;
    board().replaceWith(template.content);
    sign.dataset.clock = clock = seen.clock;
  };

  const loaded = () => {
    const names = performance.getEntriesByType("resource").map(({ name }) => name);
    return new Set(names.filter((name) => new URL(name).pathname.startsWith("/static/")));
  };

  const keep = async () => {
    await navigator.serviceWorker.register(main.dataset.worker, { scope: page });
    const cache = await caches.open(page);
    if (!(await cache.match(page, { ignoreVary: true }))) await cache.addAll([page, ...loaded()]);
  };

  // Without storage, as in a private window, the page needs the network.
  const begin = () => {
    if (!isOver) keep().catch(() => {});
  };

  const follow = () => {
    const wasOver = isOver;
    isOver = board().matches(".is-over");
    if (isOver) forgetScorers(page);
    else store.save({ version: version(), html: board().outerHTML, clock });
    if (wasOver) begin();
  };

  document.addEventListener("stream:alive", ({ detail }) => {
    clock = detail.clock;
  });
  document.addEventListener("stream:refused", () => forgetScorers(page));
  addEventListener("load", begin);
  showKept();
  follow();
  new MutationObserver(follow).observe(main, { attributeFilter: ["data-version"], childList: true, subtree: true });
})();
