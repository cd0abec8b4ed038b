// The day's board for the other scripts: columns, positions in 5-minute steps, and announcements for screen readers.
window.board = (() => {
  const HOUR = 12;
  const day = document.getElementById("day");
  const says = document.getElementById("day-says");

  const columns = () => [...day.querySelectorAll(".col")];
  const columnOf = (element) => element.closest(".col");
  const body = (column) => column.querySelector(".col-body");
  const items = (column) => [...column.querySelectorAll("a.visit, .slot")];
  const steps = () => day.querySelectorAll(".hour").length * HOUR;

  const place = ({ className }) => ({
    at: Number(/(?:^| )at-(\d+)/.exec(className)[1]),
    length: Number(/(?:^| )for-(\d+)/.exec(className)[1]),
  });
  const put = (element, at, length) => {
    for (const name of [...element.classList]) if (/^(at|for)-/.test(name)) element.classList.remove(name);
    element.classList.add(`at-${at}`, `for-${length}`);
  };

  // The item that contains this step, or the last one before it, or the first.
  const itemAt = (column, at) => {
    const all = items(column);
    return all.findLast((item) => place(item).at <= at) ?? all[0];
  };
  const isTaken = (column, at, length, ownId) =>
    [...column.querySelectorAll(".visit[data-movable]")].some((visit) => {
      const other = place(visit);
      return visit.id !== ownId && other.at < at + length && at < other.at + other.length;
    });

  const clock = (column, at) => {
    const minutes = Number(column.dataset.first) * 60 + at * 5;
    return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");
  };
  const name = (column) => column.getAttribute("aria-label");

  const say = (what, values = {}) => {
    const words = says.dataset[what] ?? what;
    says.textContent = words.replace(/\{(\w+)\}/g, (_, key) => values[key]);
  };

  const stepSize = (element) => Number.parseFloat(getComputedStyle(element).gridAutoRows);

  // Suppresses the click at the end of a drag.
  const swallow = (event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  const swallowClick = () => {
    day.addEventListener("click", swallow, { capture: true });
    setTimeout(() => day.removeEventListener("click", swallow, { capture: true }));
  };

  const mayBook = day.closest(".may-book") !== null;
  const look = { columns, columnOf, body, items, steps, stepSize, place, put, itemAt, isTaken, clock, name };
  return { day, mayBook, ...look, say, swallowClick };
})();
