// From a search the arrows go down into the list that it fills, named by data-list-keys, and back up to the search.
(() => {
  const linksOf = (search) => [...document.querySelectorAll(`#${search.dataset.listKeys} tbody a`)];

  const step = (search, from, by) => {
    const stops = [search, ...linksOf(search)];
    const place = stops.indexOf(from) + by;
    stops[Math.max(0, Math.min(place, stops.length - 1))].focus();
  };

  document.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const search = document.querySelector("[data-list-keys]");
    if (!by || !search) return;
    if (event.target !== search && !linksOf(search).includes(event.target)) return;
    event.preventDefault();
    step(search, event.target, by);
  });
})();
