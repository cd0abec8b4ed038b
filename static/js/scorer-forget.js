// Deletes what this phone stores of one or all scorers' pages: the newest board, the page, its files and its worker.
// Unsent taps are kept.
window.forgetScorers = async (only) => {
  const BOARD = "board of ";
  if (!("serviceWorker" in navigator)) return;
  const boards = Object.keys(localStorage).filter((key) => key.startsWith(BOARD));
  for (const page of only ? [only] : boards.map((key) => key.slice(BOARD.length))) {
    localStorage.removeItem(BOARD + page);
    caches.delete(page);
    const registration = await navigator.serviceWorker.getRegistration(page);
    if (registration?.scope.endsWith(page)) registration.unregister();
  }
};
