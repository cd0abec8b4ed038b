// Moving by keys: M takes the visit, arrows carry it by quarters and practitioners, Enter lets it down, Escape puts it back.
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
  const end = (how) => {
    isCarrying = false;
    how();
  };
  const DO = {
    ArrowDown: () => move(0, 1),
    ArrowUp: () => move(0, -1),
    ArrowLeft: () => move(-1, 0),
    ArrowRight: () => move(1, 0),
    Enter: () => end(lift.drop),
    Escape: () => end(lift.cancel),
    Tab: () => end(lift.cancel),
  };

  const take = (visit) => {
    isCarrying = true;
    lift.take(visit);
    board.say("lifted", { name: visit.querySelector(".name").firstChild.textContent.trim() });
  };

  // Before everybody else: while a visit is carried, the arrows and Enter are its own.
  document.addEventListener(
    "keydown",
    (event) => {
      if (isCarrying && lift.held) {
        const act = DO[event.key];
        if (!act) return;
        if (event.key !== "Tab") event.preventDefault();
        event.stopPropagation();
        act();
        return;
      }
      const visit = event.target.closest?.("#day .visit[data-movable]");
      // The key of the letter, whatever the layout: on a Russian one it is «Ь».
      if (!visit || event.code !== "KeyM" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!board.mayBook) return;
      event.preventDefault();
      take(visit);
    },
    true,
  );
})();
