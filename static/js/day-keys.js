// The board is one tab stop, initially at the present time. Arrows move through the day and across practitioners, and
// enter the board while nothing else has the focus; Enter follows the link.
(() => {
  const { day } = board;
  const ITEMS = "a.visit, .slot";
  // The last focused item: if a push removes it, the item in its place gets the focus.
  let last = null;
  let hadFocus = false;

  const remember = (item) => {
    last = { id: item.id, column: board.columnOf(item).id, at: board.place(item).at };
  };
  const present = () => Number(/ at-(\d+)/.exec(day.querySelector(".now-axis:not([hidden])")?.className)?.[1] ?? 0);
  const successor = () => {
    const own = document.getElementById(last?.id);
    const first = day.querySelector(".now:not([hidden])")?.closest(".col") ?? board.columns()[0];
    return own ?? (first && board.itemAt(document.getElementById(last?.column) ?? first, last?.at ?? present()));
  };

  const settle = () => {
    const chosen = successor();
    for (const item of day.querySelectorAll(ITEMS)) item.tabIndex = item === chosen ? 0 : -1;
    return chosen;
  };
  const focus = (item) => {
    if (!item) return;
    remember(item);
    settle();
    item.focus();
  };

  const beside = (item, step) => {
    const columns = board.columns();
    const column = columns[columns.indexOf(board.columnOf(item)) + step];
    return column && board.itemAt(column, board.place(item).at);
  };
  const along = (item, choose) => {
    const items = board.items(board.columnOf(item));
    return choose(items, items.indexOf(item));
  };
  const GO = {
    ArrowDown: (item) => along(item, (items, index) => items[index + 1]),
    ArrowUp: (item) => along(item, (items, index) => items[index - 1]),
    ArrowLeft: (item) => beside(item, -1),
    ArrowRight: (item) => beside(item, 1),
    Home: (item) => along(item, (items) => items[0]),
    End: (item) => along(item, (items) => items.at(-1)),
  };

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const isIdle = target === document.body && key.startsWith("Arrow");
    const item = isIdle ? null : target.closest(ITEMS);
    if (!(item || isIdle) || !GO[key] || event.defaultPrevented) return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    focus(item ? GO[key](item) : successor());
  });
  day.addEventListener("focusin", ({ target }) => {
    if (!target.matches(ITEMS)) return;
    remember(target);
    settle();
  });

  document.addEventListener("htmx:before:swap", () => {
    hadFocus ||= day.contains(document.activeElement);
  });
  document.addEventListener("htmx:after:swap", () => {
    const chosen = settle();
    if (hadFocus && document.activeElement === document.body) chosen?.focus();
    hadFocus = false;
  });
  // The dialog returns the focus to its opener, but a free time that was booked no longer exists.
  document.getElementById("dialog-frame").addEventListener("close", () => {
    if (last && document.activeElement?.id === "main") focus(successor());
  });

  day.removeAttribute("tabindex");
  settle();
})();
