// What waits to be sent outlives a reload and a closed tab: it is kept in the browser until it is answered. A browser
// that keeps nothing, as in a private window, only forgets it with the page.
window.scorerStore = (key) => ({
  load() {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? [];
    } catch {
      return [];
    }
  },
  save(taps) {
    try {
      if (taps.length) localStorage.setItem(key, JSON.stringify(taps));
      else localStorage.removeItem(key);
    } catch {}
  },
});
