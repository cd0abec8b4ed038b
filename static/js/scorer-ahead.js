// What the taps that wait for their answer make of the board: its figures, and what the next undo would take back.
window.scorerAhead = (taps) => {
  const main = document.getElementById("main");
  const board = () => main.querySelector(".scorer-board");
  const label = () => main.querySelector(".undo-words");

  // The lines of these taps that stand. A deep one takes back a line of the server's, which alone knows the next one.
  const standing = () => {
    const lines = [];
    for (const { side, step } of taps().filter(({ base }) => base >= Number(board().dataset.version))) {
      const newest = lines.at(-1);
      const isBottom = !newest || newest.isDeep;
      const isStepBack = step < 0 && !isBottom && (side ? newest.step > 0 && newest.side === side : true);
      const isDeep = step < 0 && isBottom && (!side || side === label().dataset.side);
      if (isStepBack) lines.pop();
      else lines.push({ side, step, isDeep });
    }
    return lines;
  };

  // In tennis the board includes the figures after the next rally; for the one after that the server is needed.
  const figure = ({ dataset }, lines) => {
    if ("ifA" in dataset) return lines[0]?.step > 0 ? dataset[`if${lines[0].side}`] : dataset.said;
    const add = (points, { side, step }) => Math.max(0, points + (side === dataset.points ? step : 0));
    return String(lines.reduce(add, Number(dataset.said)));
  };

  const undoWords = (figures, lines) => {
    const { side, step, isDeep } = lines.at(-1);
    const name = isDeep ? "" : step > 0 ? side : `-${side}`;
    const words = main.querySelector(`template[data-undo="${name}"]`).cloneNode(true);
    const score = words.content.querySelectorAll(".a-to-b > span");
    for (const [place, span] of score.entries()) span.textContent = figure(figures[place], lines.slice(0, -1));
    return words.innerHTML;
  };

  const draw = () => {
    const figures = [...main.querySelectorAll("[data-points]")];
    const lines = standing();
    for (const digits of figures) {
      digits.dataset.said ??= digits.textContent;
      const shown = figure(digits, lines);
      if (digits.textContent !== shown) digits.textContent = shown;
    }
    board().classList.toggle(
      "has-two",
      figures.some(({ textContent }) => textContent.length > 1),
    );
    const words = label();
    words.dataset.said ??= words.innerHTML;
    const shown = lines.length ? undoWords(figures, lines) : words.dataset.said;
    if (words.innerHTML !== shown) words.innerHTML = shown;
  };

  // The server's board replaces the digits; pending taps are added before it is painted.
  new MutationObserver(draw).observe(main, { childList: true, characterData: true, subtree: true });
  return draw;
};
