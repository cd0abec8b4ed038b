// A screen that hangs on a wall for months: it keeps itself awake, and in the small hours, when the server answers, it
// loads the page anew, so that it never runs last year's scripts.
(() => {
  const SMALL_HOURS = 4;
  const LOOK_EVERY = 60_000;
  const openedAt = Date.now();
  const AT_LEAST = 6 * 3_600_000;
  let isAlive = false;

  const keepAwake = () => {
    if (!document.hidden) navigator.wakeLock?.request("screen").catch(() => {});
  };
  // A browser that was reloaded is silent until somebody presses: where points are heard, it stays as it is.
  const isHeard = () => document.querySelector('[data-sound][aria-pressed="true"]') !== null;
  const renew = () => {
    if (isAlive && !isHeard() && new Date().getHours() === SMALL_HOURS && Date.now() - openedAt > AT_LEAST)
      location.reload();
  };

  document.addEventListener("stream:alive", () => {
    isAlive = true;
  });
  document.addEventListener("stream:lost", () => {
    isAlive = false;
  });
  document.addEventListener("visibilitychange", keepAwake);
  setInterval(renew, LOOK_EVERY);
  keepAwake();
})();
