// Shows how fresh the page is, in the server's words: live, delayed (polling), reconnecting, and stale after 15 s
// without a connection; the time of the data also while a heartbeat is overdue.
(() => {
  const PATIENCE = 15_000;
  let clock = document.querySelector("[data-clock]")?.dataset.clock;
  let aging;
  document.getElementById("notices")?.append(...document.querySelectorAll("[data-stream-notice]"));
  const notices = document.querySelectorAll("#notices > [data-stream-notice]");

  const fill = (words) => words.replaceAll("{clock}", clock);

  const showSign = (sign, state) => {
    for (const name of ["delayed", "returning", "old"]) sign.classList.toggle(`is-${name}`, state === name);
    const words = fill(sign.dataset[state]);
    if (sign.textContent !== words) sign.textContent = words;
  };
  const showSigns = (state) => {
    for (const sign of document.querySelectorAll("[data-fresh]")) showSign(sign, state);
  };
  const show = (state) => {
    document.documentElement.classList.toggle("is-stale", state === "old");
    showSigns(state);
  };

  // Shows one of the notices, or none.
  const notify = (name) => {
    for (const notice of notices) {
      const words = notice.querySelector("[data-words]");
      words.textContent = fill(words.dataset.words);
      notice.hidden = notice.dataset.streamNotice !== name;
    }
  };

  const growOld = (name) => {
    aging = null;
    show("old");
    if (!document.hidden) notify(name);
  };
  const startAging = () => {
    aging ??= setTimeout(growOld, PATIENCE, "away");
  };

  document.addEventListener("stream:alive", ({ detail }) => {
    clearTimeout(aging);
    aging = null;
    clock = detail.clock;
    notify();
    show(detail.isDelayed ? "delayed" : "live");
  });
  // The server may be frozen, or only the Wi-Fi: no alarm yet, but nobody knows any more that the page is up to date.
  document.addEventListener("stream:late", () => showSigns("old"));
  document.addEventListener("stream:lost", () => {
    if (!document.documentElement.classList.contains("is-stale")) show("returning");
    startAging();
  });
  document.addEventListener("stream:refused", ({ detail }) => {
    clearTimeout(aging);
    growOld(detail.status === 401 ? "signed-out" : "closed");
  });
  document.addEventListener("click", ({ target }) => {
    if (!target.closest("[data-stream-retry]")) return;
    showSigns("returning");
    document.dispatchEvent(new CustomEvent("stream:retry"));
  });

  if (document.querySelector("[data-stream]")) {
    show("live");
    startAging();
  }
})();
