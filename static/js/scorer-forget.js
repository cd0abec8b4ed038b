// What this phone keeps of scorers' pages goes, of one or of all: the newest board, the page, its files and its worker.
// Taps that were not sent yet stay.
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
