// Moving a visit by pointer: a mouse drags at once, a finger after a long press, so that the board can be scrolled.
(() => {
  const { day } = board;
  const QUARTER = 3;
  const SLACK = 6;
  const LONG_PRESS = 400;
  const EDGE = 32;
  let press = null;
  let isDragging = false;

  const columnUnder = (x) => board.columns().find((column) => x < column.getBoundingClientRect().right);

  const aim = (x, y) => {
    const column = columnUnder(x) ?? board.columns().at(-1);
    const upper = ghost.follow(x, y);
    const isLeaving = days.aim(x, y);
    ghost.fade(isLeaving);
    if (isLeaving) return;
    scrollAtEdges(x, y);
    const down = upper - board.body(column).getBoundingClientRect().top;
    lift.aim(column, Math.round(down / board.stepSize(board.body(column)) / QUARTER) * QUARTER);
  };
  // On a phone the page scrolls too, to reach the strip of days.
  const scrollAtEdges = (x, y) => {
    const box = day.getBoundingClientRect();
    const toward = (value, from, to) => (value < from + EDGE ? -EDGE : value > to - EDGE ? EDGE : 0);
    day.scrollBy(toward(x, box.left, box.right), toward(y, box.top, box.bottom));
    scrollBy(0, toward(y, 0, innerHeight));
  };

  const begin = () => {
    isDragging = true;
    day.setPointerCapture(press.pointer);
    ghost.show(press.visit, press.x, press.y);
    ghost.follow(press.x, press.y);
    lift.take(press.visit);
  };
  const end = (how) => {
    clearTimeout(press?.timer);
    ghost.hide();
    if (isDragging) how();
    press = null;
    isDragging = false;
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
    aim(clientX, clientY);
  });
  document.addEventListener("pointerup", () => {
    if (!isDragging) return end();
    const { visit, isTouch } = press;
    let isMoved = true;
    board.swallowClick();
    end(() => {
      isMoved = lift.drop();
    });
    if (isTouch && !isMoved) stretch.offer(visit);
  });
  document.addEventListener("pointercancel", () => end(lift.cancel));
  document.addEventListener("keydown", ({ key }) => key === "Escape" && end(lift.cancel));
  document.addEventListener("touchmove", (event) => isDragging && event.preventDefault(), { passive: false });
  day.addEventListener("contextmenu", (event) => press?.isTouch && event.preventDefault());
})();
