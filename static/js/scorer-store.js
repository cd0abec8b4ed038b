// What the scorer's page must not lose outlives a reload and a closed tab in the browser. A browser that keeps nothing,
// as in a private window, only forgets it with the page. `load` gives null for what was never saved, or saved as null.
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
