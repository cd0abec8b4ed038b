// On the board of a week the days are its columns: the keys that turn the day go from column to column at the same hour,
// and beyond the first and the last one into the strip of days.
(() => {
  const beyond = days.step;

  days.step = (by) => {
    const column = board.columns().find(({ dataset }) => dataset.date === days.after(by));
    if (!column) return beyond(by);
    lift.aimAtDay(undefined);
    return lift.aim(column, lift.held.at).practitioner;
  };
})();
