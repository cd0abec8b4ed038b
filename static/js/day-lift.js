// A visit on the move, by pointer or by keys: the original pales in its place, the landing shows where it would stand.
// Nothing of it lives in the board, which may be redrawn at any moment: after each redraw it is drawn anew.
window.lift = (() => {
  const landing = Object.assign(document.createElement("div"), { className: "landing" });
  let held = null;

  const draw = () => {
    if (!held) return;
    const column = document.getElementById(held.column);
    document.getElementById(held.id)?.classList.add("is-picked");
    if (!column) return;
    board.put(landing, held.at, held.length);
    landing.classList.toggle("is-refused", board.isTaken(column, held.at, held.length, held.id));
    landing.textContent = board.clock(column, held.at);
    if (landing.parentElement !== board.body(column)) board.body(column).append(landing);
  };

  const take = (visit) => {
    const column = board.columnOf(visit);
    const start = { column: column.id, ...board.place(visit) };
    held = { id: visit.id, href: visit.href, version: visit.dataset.revision, start, ...start };
    draw();
  };

  // The place is kept inside the board.
  const aim = (column, at) => {
    held.column = column.id;
    held.at = Math.min(Math.max(at, 0), board.steps() - held.length);
    draw();
    return { time: board.clock(column, held.at), practitioner: board.name(column) };
  };

  const release = () => {
    const was = held;
    held = null;
    landing.remove();
    if (was) document.getElementById(was.id)?.classList.remove("is-picked");
    return was;
  };

  const drop = () => {
    const { start, column: id, at, href, version } = release();
    if (id === start.column && at === start.at) return;
    const column = document.getElementById(id);
    const time = board.clock(column, at);
    board.say("dropped", { time, practitioner: board.name(column) });
    const values = { practitioner: column.dataset.practitioner, start: `${board.day.dataset.date}T${time}`, version };
    htmx.ajax("POST", `${href}/time`, { source: board.day, target: board.day, swap: "none", values });
  };
  const cancel = () => release() && board.say("cancelled");

  document.addEventListener("htmx:after:swap", draw);

  return {
    take,
    aim,
    drop,
    cancel,
    get held() {
      return held;
    },
  };
})();
