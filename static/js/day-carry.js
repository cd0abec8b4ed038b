// Moving a visit by keyboard: M picks it up, arrows move it by quarter hours and practitioners, Page Up and Down by
// days, Shift with an arrow (also without M) changes its length, Enter drops it, Escape cancels.
(() => {
  const QUARTER = 3;
  let isCarrying = false;

  const wholeQuarter = (at, step) => (step > 0 ? Math.floor(at / QUARTER) + 1 : Math.ceil(at / QUARTER) - 1) * QUARTER;
  const move = (columnStep, quarterStep) => {
    const columns = board.columns();
    const index = columns.findIndex((column) => column.id === lift.held.column) + columnStep;
    const column = columns[Math.min(Math.max(index, 0), columns.length - 1)];
    const at = quarterStep ? wholeQuarter(lift.held.at, quarterStep) : lift.held.at;
    const { time, practitioner } = lift.aim(column, at);
    board.say(`${time}, ${practitioner}`);
    board.day.querySelector(".landing")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const stretch = (step) => {
    const { from, to, minutes } = lift.stretch(lift.held.length + step);
    board.say("stretched", { from, to, minutes });
  };
  const turn = async (step) => {
    const day = await days.step(step);
    if (day) board.say(day);
  };
  const end = (how) => {
    isCarrying = false;
    how();
  };
  const DO = {
    ArrowDown: ({ shiftKey }) => (shiftKey ? stretch(1) : move(0, 1)),
    ArrowUp: ({ shiftKey }) => (shiftKey ? stretch(-1) : move(0, -1)),
    ArrowLeft: () => move(-1, 0),
    ArrowRight: () => move(1, 0),
    PageDown: () => turn(1),
    PageUp: () => turn(-1),
    Enter: () => end(lift.drop),
    Escape: () => end(lift.cancel),
    Tab: () => end(lift.cancel),
  };

  const take = (visit) => {
    isCarrying = true;
    lift.take(visit);
    board.say("lifted", { name: visit.querySelector(".name").firstChild.textContent.trim() });
  };
  // The physical key, whatever the layout: on a Russian one it is «Ь».
  const isTaking = ({ code, shiftKey, ctrlKey, metaKey, altKey }) =>
    !ctrlKey && !metaKey && !altKey && (code === "KeyM" || (shiftKey && ["ArrowUp", "ArrowDown"].includes(code)));

  // In the capture phase: during a move the arrows and Enter belong to it.
  document.addEventListener(
    "keydown",
    (event) => {
      if (isCarrying && lift.held) {
        const act = DO[event.key];
        if (!act) return;
        if (event.key !== "Tab") event.preventDefault();
        event.stopPropagation();
        act(event);
        return;
      }
      const visit = event.target.closest?.("#day .visit[data-movable]");
      if (!visit || !board.mayBook || !isTaking(event)) return;
      event.preventDefault();
      event.stopPropagation();
      take(visit);
      DO[event.key]?.(event);
    },
    true,
  );
})();
