// Keeps the screen on from the first tap to the end of the match, if browser and battery allow it; else a sign says so.
(() => {
  const main = document.getElementById("main");
  let isWanted = false;
  let lock = null;

  const sign = document.getElementById("may-sleep");

  const isOver = () => main.querySelector(".scorer-board.is-over") !== null;

  const keepLit = async () => {
    if (!isWanted || document.hidden || (lock && !lock.released)) return;
    try {
      lock = await navigator.wakeLock.request("screen");
    } catch {
      lock = null;
    }
    sign.hidden = lock !== null;
  };

  const letGo = () => {
    if (!isOver()) return;
    isWanted = false;
    sign.hidden = true;
    lock?.release();
  };

  document.addEventListener("submit", (event) => {
    isWanted ||= event.target.closest("[data-tap]") !== null && !isOver();
    keepLit();
  });
  document.addEventListener("visibilitychange", keepLit);
  new MutationObserver(letGo).observe(main, { attributeFilter: ["class"], subtree: true });
})();
