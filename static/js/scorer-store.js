// Storage for what the scorer's page must not lose on a reload or a closed tab. Where storage is unavailable, as in a
// private window, it lasts as long as the page. `load` returns null for what was never saved, or saved as null.
window.scorerStore = (key) => ({
  load() {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  save(value) {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
    } catch {}
  },
});
