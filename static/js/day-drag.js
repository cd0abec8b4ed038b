// Moving by pointer: a mouse drags at once, a finger after a long press, so that the board can still be scrolled.
(() => {
  const { day } = board;
  const QUARTER = 3;
  const SLACK = 6;
  const LONG_PRESS = 400;
  const EDGE = 32;
  let press = null;
  let isDragging = false;

  const stepSize = (column) => Number.parseFloat(getComputedStyle(board.body(column)).gridAutoRows);
  const columnUnder = (x) => board.columns().find((column) => x < column.getBoundingClientRect().right);

  const aim = (x, y) => {
    const column = columnUnder(x) ?? board.columns().at(-1);
    const down = ghost.follow(x, y) - board.body(column).getBoundingClientRect().top;
    lift.aim(column, Math.round(down / stepSize(column) / QUARTER) * QUARTER);
  };
  const scrollAtEdges = (x, y) => {
    const box = day.getBoundingClientRect();
    const toward = (value, from, to) => (value < from + EDGE ? -EDGE : value > to - EDGE ? EDGE : 0);
    day.scrollBy(toward(x, box.left, box.right), toward(y, box.top, box.bottom));
  };

  const begin = () => {
    isDragging = true;
    day.setPointerCapture(press.pointer);
    ghost.show(press.visit, press.x, press.y);
    lift.take(press.visit);
    aim(press.x, press.y);
  };
  const end = (how) => {
    clearTimeout(press?.timer);
    ghost.hide();
    if (isDragging) how();
    press = null;
    isDragging = false;
  };

  // The click that ends a drag opens nothing.
  const swallow = (event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  const swallowClick = () => {
    day.addEventListener("click", swallow, { capture: true });
    setTimeout(() => day.removeEventListener("click", swallow, { capture: true }));
  };

  day.addEventListener("pointerdown", ({ target, button, clientX: x, clientY: y, pointerId: pointer, pointerType }) => {
    const visit = target.closest(".visit[data-movable]");
    if (!visit || button || press || lift.held || !board.mayBook) return;
    press = { visit, x, y, pointer, isTouch: pointerType === "touch" };
    if (press.isTouch) press.timer = setTimeout(begin, LONG_PRESS);
  });
  document.addEventListener("pointermove", ({ pointerId, clientX, clientY }) => {
    if (press?.pointer !== pointerId) return;
    const isMoved = Math.hypot(clientX - press.x, clientY - press.y) > SLACK;
    if (!isDragging && isMoved) press.isTouch ? end() : begin();
    if (!isDragging) return;
    scrollAtEdges(clientX, clientY);
    aim(clientX, clientY);
  });
  document.addEventListener("pointerup", () => {
    if (isDragging) swallowClick();
    end(lift.drop);
  });
  document.addEventListener("pointercancel", () => end(lift.cancel));
  document.addEventListener("keydown", ({ key }) => key === "Escape" && end(lift.cancel));
  document.addEventListener("touchmove", (event) => isDragging && event.preventDefault(), { passive: false });
  day.addEventListener("contextmenu", (event) => press?.isTouch && event.preventDefault());
})();
