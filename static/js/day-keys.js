// The board is one stop of Tab. Arrows go down the day and across the practitioners; Enter is the link's own.
(() => {
  const { day } = board;
  const ITEMS = "a.visit, .slot";
  // What had the focus last: a push may take it away, then what stands in its place takes over.
  let last = null;
  let hadFocus = false;

  const remember = (item) => {
    last = { id: item.id, column: board.columnOf(item).id, at: board.place(item).at };
  };
  const successor = () => {
    const own = document.getElementById(last?.id);
    const column = document.getElementById(last?.column) ?? board.columns()[0];
    return own ?? (column && board.itemAt(column, last?.at ?? 0));
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

  day.addEventListener("keydown", (event) => {
    const item = event.target.closest(ITEMS);
    const go = GO[event.key];
    if (!item || !go || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    focus(go(item));
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
  // The dialog gives the focus back to what opened it; a free time that was booked is there no more.
  document.getElementById("dialog-frame").addEventListener("close", () => {
    if (last && document.activeElement?.id === "main") focus(successor());
  });

  day.removeAttribute("tabindex");
  settle();
})();
