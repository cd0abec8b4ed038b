// For a screen that runs for months: keeps it awake, and reloads the page at night, if the server responds, so that
// its scripts stay current.
(() => {
  const SMALL_HOURS = 4;
  const LOOK_EVERY = 60_000;
  const openedAt = Date.now();
  const AT_LEAST = 6 * 3_600_000;
  let isAlive = false;

  const keepAwake = () => {
    if (!document.hidden) navigator.wakeLock?.request("screen").catch(() => {});
  };
  // After a reload a browser is silent until somebody presses a button, so a page with sound is not reloaded.
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
