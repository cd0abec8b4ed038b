// Arrow keys move from a search field into its result list, named by data-list-keys, and back.
(() => {
  const linksOf = (search) => [...document.querySelectorAll(`#${search.dataset.listKeys} tbody td:first-child a`)];

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
