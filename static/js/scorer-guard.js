// Guards against hurried taps: the same half twice at once is one rally; the other half a moment later may mean that
// the first tap was wrong, so the scorer is asked, unless that tap has won a game: no -1 reaches back into it. Behind
// unsent taps nobody here knows whether it has.
(() => {
  const REST = 700;
  const SECOND_THOUGHT = 1_000;
  const ASKED_FOR = 6_000;
  const SHAKES_FOR = 300;
  const NOTHING = { side: "", at: 0, stretch: "", version: "" };
  const unsent = document.getElementById("unsent");
  let last = NOTHING;
  let timer;

  // The side whose rally may have been a mistake; "" asks nothing.
  const ask = (side) => {
    clearTimeout(timer);
    for (const question of document.querySelectorAll("[data-twice]")) question.hidden = question.dataset.twice !== side;
    if (side) timer = setTimeout(ask, ASKED_FOR, "");
  };

  const rest = (button) => {
    button.ariaDisabled = "true";
    setTimeout(() => {
      button.ariaDisabled = null;
    }, REST);
  };

  const ignore = (event, button) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const half = button.closest(".half-cell");
    half.classList.add("is-shaken");
    setTimeout(() => half.classList.remove("is-shaken"), SHAKES_FOR);
    document.dispatchEvent(new CustomEvent("tap:ignored"));
  };

  const count = (button, side, at) => {
    const { stretch, version, ending } = document.querySelector(".scorer-board").dataset;
    const isInGame = last.stretch === stretch && !last.mayHaveWon;
    ask(last.side !== side && isInGame && at - last.at < SECOND_THOUGHT ? last.side : "");
    const isAnswered = unsent.hidden && last.version !== version;
    last = { side, at, stretch, version, mayHaveWon: !isAnswered || ending.includes(side) };
    rest(button);
  };

  const heed = (event) => {
    const form = event.target.closest("[data-tap]");
    if (!form) return;
    const button = form.querySelector(".tap");
    if (button?.ariaDisabled === "true") return ignore(event, button);
    if (button) return count(button, form.elements.side.value, event.timeStamp);
    last = { ...NOTHING, version: document.querySelector(".scorer-board").dataset.version };
    ask("");
  };

  document.addEventListener("submit", heed, true);
  // The thumb was on its way to the half that has just left.
  document.addEventListener("halves:turned", () => {
    for (const button of document.querySelectorAll(".half-cell .tap")) rest(button);
  });
})();
