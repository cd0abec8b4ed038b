// Another day for a visit on the move: the strip of days is its target. A week further is fetched when the pointer rests on
// its arrow or the keys go beyond the strip; afterwards the strip is again what it was. On the board of a week the strip
// shows the week after it, and only while a visit is on the move.
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
  const turn = async (arrow) => {
    const answer = await fetch(arrow.href).catch(() => null);
    const page = new DOMParser().parseFromString((await answer?.text()) ?? "", "text/html");
    const further = page.querySelector(".dates");
    if (!further || !lift.held) return;
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
  // Answers whether the pointer is over the strip, where nothing of the board is aimed at.
  const aim = (x, y) => {
    const target = under(x, y);
    rest(target?.matches(".step") ? target : null);
    // To another day it goes at the hour at which it stood.
    if (target) lift.aim(columnOf(lift.held.start), lift.held.start.at);
    choose(target?.dataset.date);
    return Boolean(target);
  };
  const after = (by) => {
    const day = new Date(lift.held.date ?? columnOf(lift.held).dataset.date);
    day.setUTCDate(day.getUTCDate() + by);
    return day.toISOString().slice(0, 10);
  };
  // By keys, one day at a time; answers the day in words.
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
