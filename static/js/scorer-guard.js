// What a hurried finger does: the same half twice at once is one rally, and the other half a moment later may mean that
// the first one was wrong, so it is asked about.
(() => {
  const REST = 700;
  const SECOND_THOUGHT = 1_000;
  const ASKED_FOR = 6_000;
  const SHAKES_FOR = 300;
  let last = { side: "", at: 0 };
  let timer;

  // Which side's rally may have been none; "" asks nothing.
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
    ask(last.side && last.side !== side && at - last.at < SECOND_THOUGHT ? last.side : "");
    last = { side, at };
    rest(button);
  };

  const heed = (event) => {
    const form = event.target.closest("[data-tap]");
    if (!form) return;
    const button = form.querySelector(".tap");
    if (button?.ariaDisabled === "true") return ignore(event, button);
    if (button) return count(button, form.elements.side.value, event.timeStamp);
    last = { side: "", at: 0 };
    ask("");
  };

  document.addEventListener("submit", heed, true);
})();
