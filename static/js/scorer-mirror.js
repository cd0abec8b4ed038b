// Swaps the halves for a scorer on the other side of the table: on this phone, for this match.
// If switched on, they also follow the players at each change of ends, on this phone, in every match.
// The buttons change places; the pushed figures above them follow by CSS only.
(() => {
  const main = document.getElementById("main");
  const halves = main.querySelector(".halves");
  const page = scorerStore("mirrored");
  const habit = scorerStore("halves follow the ends");
  let follows = habit.load() === true;
  let isTurned = page.load() === location.pathname;

  const haveChanged = () => follows && main.querySelector(".scorer-board").dataset.ends === "changed";
  const isMirrored = () => main.classList.contains("is-mirrored");

  // A moved button loses the focus.
  const swap = () => {
    const focused = document.activeElement;
    main.classList.toggle("is-mirrored");
    halves.append(...[...halves.children].reverse());
    if (halves.contains(focused)) focused.focus();
    document.getElementById("mirror").ariaPressed = String(isMirrored());
  };

  const draw = () => {
    main.classList.toggle("follows-ends", follows);
    if (isMirrored() === (isTurned !== haveChanged())) return false;
    swap();
    return true;
  };

  // By hand; `isHabit`: from here on they follow the players, or no longer.
  const turn = (isHabit) => {
    const wanted = !isMirrored();
    if (isHabit) {
      follows = !follows;
      habit.save(follows || null);
    }
    isTurned = wanted !== haveChanged();
    page.save(isTurned ? location.pathname : null);
    draw();
  };

  document.addEventListener("click", ({ target }) => {
    if (target.closest("#mirror")) turn(false);
    if (target.closest("[data-follow]")) turn(true);
  });
  new MutationObserver(() => {
    if (draw()) document.dispatchEvent(new CustomEvent("halves:turned"));
  }).observe(main, { attributeFilter: ["data-ends"], childList: true, subtree: true });
  draw();
})();
