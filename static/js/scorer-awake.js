// The screen stays lit from the first tap to the end of the match, where the browser can and the battery lets it.
(() => {
  const main = document.getElementById("main");
  let isWanted = false;
  let lock = null;

  const isOver = () => main.querySelector(".scorer-board.is-over") !== null;

  const keepLit = async () => {
    if (!isWanted || document.hidden || (lock && !lock.released)) return;
    try {
      lock = await navigator.wakeLock.request("screen");
    } catch {
      lock = null;
    }
  };

  const letGo = () => {
    if (!isOver()) return;
    isWanted = false;
    lock?.release();
  };

  document.addEventListener("submit", (event) => {
    isWanted ||= event.target.closest("[data-tap]") !== null && !isOver();
    keepLit();
  });
  document.addEventListener("visibilitychange", keepLit);
  new MutationObserver(letGo).observe(main, { attributeFilter: ["class"], subtree: true });
})();
