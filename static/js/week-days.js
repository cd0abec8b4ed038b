// In the week view the days are the columns: the keys for another day move between columns at the same hour,
// and past the first or last one into the strip of days.
(() => {
  const beyond = days.step;

  days.step = (by) => {
    const column = board.columns().find(({ dataset }) => dataset.date === days.after(by));
    if (!column) return beyond(by);
    lift.aimAtDay(undefined);
    return lift.aim(column, lift.held.at).practitioner;
  };
})();
