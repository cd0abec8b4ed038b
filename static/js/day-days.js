// Moves a visit to another day: the strip of days is a drop target. Another week is fetched when the pointer rests on
// its arrow or the keys go past the end; afterwards the strip is restored. In the week view the strip shows the next
// week, and only during a move.
window.days = (() => {
  const REST = 600;
  const FURTHEST = 2;
  let own = null;
  let resting = null;
  let timer;

  const strip = () => document.querySelector(".dates");
  const under = (x, y) => document.elementFromPoint(x, y)?.closest(".dates a");
  const columnOf = ({ column }) => document.getElementById(column);
  const tabOf = (date) => strip().querySelector(`[data-date="${date}"]`);

  const mark = () => {
    for (const tab of strip().querySelectorAll("[data-date]")) {
      tab.classList.toggle("is-target", tab.dataset.date === lift.held?.date);
    }
  };
  // Its own week the board of a week shows already.
  const isOwn = ({ dataset }) => board.columns().some((column) => column.dataset.date === dataset.date);
  const isBoard = (strip) => [...strip.querySelectorAll("[data-date]")].every(isOwn);
  const turn = async (arrow) => {
    const answer = await fetch(arrow.href).catch(() => null);
    const page = new DOMParser().parseFromString((await answer?.text()) ?? "", "text/html");
    const further = page.querySelector(".dates");
    if (!further || !lift.held) return;
    if (isBoard(further))
      return turn(further.querySelector(arrow.matches(":last-child") ? ".step:last-child" : ".step"));
    own ??= strip();
    for (const chosen of further.querySelectorAll("[aria-current]")) chosen.removeAttribute("aria-current");
    strip().replaceWith(further);
    mark();
  };
  const rest = (arrow) => {
    if (arrow === resting) return;
    clearTimeout(timer);
    resting = arrow;
    if (arrow) timer = setTimeout(turn, REST, arrow);
  };

  const choose = (date) => {
    lift.aimAtDay(date === columnOf(lift.held.start).dataset.date ? undefined : date);
  };
  // Returns whether the pointer is over the strip and therefore not over the board.
  const aim = (x, y) => {
    const target = under(x, y);
    rest(target?.matches(".step") ? target : null);
    // On another day it keeps its hour.
    if (target) lift.aim(columnOf(lift.held.start), lift.held.start.at);
    choose(target?.dataset.date);
    return Boolean(target);
  };
  const after = (by) => {
    const day = new Date(lift.held.date ?? columnOf(lift.held).dataset.date);
    day.setUTCDate(day.getUTCDate() + by);
    return day.toISOString().slice(0, 10);
  };
  // By keyboard, one day at a time; returns the day in words.
  const step = async (by) => {
    const date = after(by);
    for (let turned = 0; lift.held && turned < FURTHEST && !tabOf(date); turned++) {
      await turn(strip().querySelector(by > 0 ? ".step:last-child" : ".step"));
    }
    if (!lift.held || !tabOf(date)) return "";
    choose(date);
    return tabOf(date).getAttribute("aria-label");
  };

  document.addEventListener("lift:drawn", mark);
  document.addEventListener("lift:released", () => {
    rest(null);
    if (own) strip().replaceWith(own);
    own = null;
    mark();
  });

  return { aim, step, after };
})();
