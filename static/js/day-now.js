// The now-line follows the server's clock as sent in the stream: without a stream it stays at the time of the data.
(() => {
  const toSteps = (clock, first) => {
    const [hours, minutes] = clock.split(":").map(Number);
    return { at: (hours - first) * 12 + Math.floor(minutes / 5), minute: minutes % 5 };
  };

  // A page that stays open overnight has no present any more; in a week it moves on to the next column.
  const isOn = (mark, today) => {
    const columns = [mark.closest(".col")].filter(Boolean);
    return (columns.length ? columns : board.columns()).some(({ dataset }) => dataset.date === today);
  };

  const set = (mark, { at, minute }, isToday) => {
    for (const name of [...mark.classList]) if (/^(at|m)-/.test(name)) mark.classList.remove(name);
    mark.classList.add(`at-${Math.max(0, at)}`, `m-${minute}`);
    mark.hidden = !isToday || at < 0 || at >= board.steps();
  };

  const show = ({ clock, now }) => {
    const first = Number(board.columns()[0]?.dataset.first);
    for (const mark of board.day.querySelectorAll(".now, .now-axis")) {
      set(mark, toSteps(clock, first), isOn(mark, now.slice(0, 10)));
    }
    for (const time of board.day.querySelectorAll(".now-time")) time.textContent = clock;
  };

  document.addEventListener("stream:alive", ({ detail }) => show(detail));

  // A long board scrolls to the present, with the last hour in view.
  const mark = board.day.querySelector(".now-axis:not([hidden])");
  const target = document.getElementById(location.hash.slice(1));
  if (target) target.scrollIntoView({ block: "center", inline: "nearest" });
  else if (mark) board.day.scrollTop = mark.offsetTop - board.day.clientHeight / 3;
})();
