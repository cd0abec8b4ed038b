// A visit being moved by pointer or keyboard: the original is dimmed, the landing shows the new place. This state is
// kept outside the board, which may be replaced at any time; it is drawn again after each replacement.
window.lift = { held: null };
(() => {
  const landing = Object.assign(document.createElement("div"), { className: "landing" });

  const period = (column, { at, length }) => [at, at + length].map((step) => board.clock(column, step));
  const draw = () => {
    const { held } = lift;
    if (!held) return;
    const column = document.getElementById(held.column);
    document.getElementById(held.id)?.classList.add("is-picked");
    document.dispatchEvent(new CustomEvent("lift:drawn"));
    if (!column || held.date) return landing.remove();
    board.put(landing, held.at, held.length);
    landing.classList.toggle("is-refused", board.isTaken(column, held.at, held.length, held.id));
    const [from, to] = period(column, held);
    landing.textContent = held.length === held.start.length ? from : `${from}–${to}`;
    if (landing.parentElement !== board.body(column)) board.body(column).append(landing);
  };

  const take = (visit) => {
    const column = board.columnOf(visit);
    const start = { column: column.id, ...board.place(visit) };
    lift.held = { id: visit.id, href: visit.href, version: visit.dataset.revision, start, ...start };
    draw();
  };

  // The place is clamped to the board. Moving to another day's column ends a move to a day outside the board.
  const aim = (column, at) => {
    if (column.dataset.date !== document.getElementById(lift.held.column)?.dataset.date) lift.held.date = undefined;
    lift.held.column = column.id;
    lift.held.at = Math.min(Math.max(at, 0), board.steps() - lift.held.length);
    draw();
    return { time: board.clock(column, lift.held.at), practitioner: board.name(column) };
  };
  // Changes the length, in steps: at least one, at most to the end of the board.
  const stretch = (length) => {
    lift.held.length = Math.min(Math.max(length, 1), board.steps() - lift.held.at);
    draw();
    const [from, to] = period(document.getElementById(lift.held.column), lift.held);
    return { from, to, minutes: lift.held.length * 5 };
  };
  // Another day at the same hour; none is the board's own day.
  const aimAtDay = (date) => {
    lift.held.date = date;
    draw();
  };

  const release = () => {
    const was = lift.held;
    lift.held = null;
    landing.remove();
    if (was) document.getElementById(was.id)?.classList.remove("is-picked");
    document.dispatchEvent(new CustomEvent("lift:released"));
    return was;
  };

  // Returns whether the visit would change.
  const drop = () => {
    const { start, column: id, at, length, date, href, version } = release();
    const isStretched = length !== start.length;
    if (id === start.column && at === start.at && !isStretched && !date) return false;
    const column = document.getElementById(id);
    const time = board.clock(column, at);
    board.say("dropped", { time, practitioner: board.name(column) });
    const values = {
      practitioner: column.dataset.practitioner,
      start: `${date ?? column.dataset.date}T${time}`,
      version,
    };
    if (isStretched) values.minutes = length * 5;
    htmx.ajax("POST", `${href}/time`, { source: board.day, target: board.day, swap: "none", values });
    return true;
  };
  const cancel = () => release() && board.say("cancelled");
  document.addEventListener("htmx:after:swap", draw);

  Object.assign(lift, { take, aim, stretch, aimAtDay, drop, cancel });
})();
