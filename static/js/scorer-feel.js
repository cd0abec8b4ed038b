// Vibration patterns: counted, tapped twice, not counted, change of ends or the end.
(() => {
  const FEELS = { counted: 20, ignored: [15, 50, 15], refused: [90, 60, 90], turned: 250 };
  const main = document.getElementById("main");
  const strip = document.getElementById("strip");
  const isNews = () => main.querySelector(".scorer-board .ends, .scorer-board.is-over") !== null;
  let wasRefused = strip.querySelector(".ends") !== null;
  let wasNews = isNews();

  // Chromium logs to the console if the page vibrates before the first touch.
  const feel = (what) => {
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(FEELS[what]);
  };

  const look = () => {
    const isRefused = strip.querySelector(".ends") !== null;
    if (isRefused && !wasRefused) feel("refused");
    if (isNews() && !wasNews) feel("turned");
    wasRefused = isRefused;
    wasNews = isNews();
  };

  document.addEventListener("tap:ignored", () => feel("ignored"));
  document.addEventListener("submit", (event) => {
    if (event.target.closest("[data-tap]")) feel("counted");
  });
  new MutationObserver(look).observe(main, { attributeFilter: ["class"], childList: true, subtree: true });
})();
