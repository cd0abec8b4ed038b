// Whoever stands on the other side of the table has the halves the other way round: on this phone, for this match.
// The buttons change places; the figures above them, which are pushed, only follow by style.
(() => {
  const main = document.getElementById("main");
  const halves = main.querySelector(".halves");
  const store = scorerStore("mirrored");

  const turn = () => {
    const isMirrored = main.classList.toggle("is-mirrored");
    halves.append(...[...halves.children].reverse());
    document.getElementById("mirror").ariaPressed = String(isMirrored);
    store.save(isMirrored ? location.pathname : null);
  };

  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-mirror]")) turn();
  });
  if (store.load() === location.pathname) turn();
})();
