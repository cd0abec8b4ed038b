// On the board of a week the days are its columns: there is no strip of days to aim at, and the keys that elsewhere turn
// the day go from column to column at the same hour.
window.days = (() => {
  const aim = () => false;
  const step = (by) => {
    const columns = board.columns();
    const next = columns[columns.findIndex((column) => column.id === lift.held.column) + by];
    return next ? lift.aim(next, lift.held.at).practitioner : "";
  };

  return { aim, step };
})();
