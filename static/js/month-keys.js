// The month is one tab stop: arrows move by days and weeks, Home and End within the week, Page Up and Down by months.
(() => {
  const month = document.getElementById("month");
  const days = () => [...month.querySelectorAll(".month-day")];
  const WEEK = 7;

  const settle = (chosen) => {
    for (const day of days()) day.tabIndex = day === chosen ? 0 : -1;
  };
  const GO = {
    ArrowLeft: (place) => place - 1,
    ArrowRight: (place) => place + 1,
    ArrowUp: (place) => place - WEEK,
    ArrowDown: (place) => place + WEEK,
    Home: (place) => place - (place % WEEK),
    End: (place) => place - (place % WEEK) + WEEK - 1,
  };
  const TURN = { PageUp: "prev", PageDown: "next" };

  month.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const turned = document.querySelector(`[rel="${TURN[event.key]}"]`);
    const next = days()[GO[event.key]?.(days().indexOf(event.target))];
    if (!turned && !next) return;
    event.preventDefault();
    if (turned) turned.click();
    next?.focus();
  });
  month.addEventListener("focusin", ({ target }) => settle(target));

  const begin = () => {
    const today = document.getElementById(`day-${month.dataset.today}`);
    const focused = month.contains(document.activeElement) && document.activeElement;
    settle(focused || (today ?? days().find((day) => !day.classList.contains("is-other"))));
  };
  document.addEventListener("htmx:after:swap", begin);
  begin();
})();
