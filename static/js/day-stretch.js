// Changing a visit's length by pointer: a mouse drags its lower edge, a finger the grip shown after a long press.
window.stretch = (() => {
  const { day } = board;
  const EDGE = 7;
  const grip = Object.assign(document.createElement("div"), { className: "grip" });
  let gripped = null;
  let pointer = null;

  const visitOf = ({ target, pointerType, clientY }) => {
    if (target === grip) return document.getElementById(gripped);
    const visit = target.closest(".visit[data-movable]");
    const isEdge = visit && pointerType !== "touch" && visit.getBoundingClientRect().bottom - clientY <= EDGE;
    return isEdge ? visit : null;
  };
  const pull = ({ clientY }) => {
    const body = board.body(document.getElementById(lift.held.column));
    const down = (clientY - body.getBoundingClientRect().top) / board.stepSize(body);
    const { from, to, minutes } = lift.stretch(Math.round(down) - lift.held.at);
    board.put(grip, lift.held.at + lift.held.length - 1, 1);
    board.say("stretched", { from, to, minutes });
  };
  const end = (how) => {
    if (pointer === null) return;
    pointer = null;
    how();
  };

  // Like the landing, the grip is inside the board and is added again after each replacement.
  const draw = () => {
    const visit = document.getElementById(gripped);
    if (!visit?.matches("[data-movable]")) return grip.remove();
    const { at, length } = board.place(visit);
    board.put(grip, at + length - 1, 1);
    board.columnOf(visit).querySelector(".col-body").append(grip);
  };
  const offer = (visit) => {
    gripped = visit?.id;
    draw();
  };

  day.addEventListener(
    "pointerdown",
    (event) => {
      const visit = visitOf(event);
      if (event.target !== grip) offer(null);
      if (!visit || event.button || lift.held || !board.mayBook) return;
      event.preventDefault();
      pointer = event.pointerId;
      day.setPointerCapture(pointer);
      lift.take(visit);
    },
    true,
  );
  document.addEventListener("pointermove", (event) => event.pointerId === pointer && pull(event));
  document.addEventListener("pointerup", () => {
    if (pointer !== null) board.swallowClick();
    end(lift.drop);
    offer(null);
  });
  document.addEventListener("pointercancel", () => end(lift.cancel));
  document.addEventListener("keydown", ({ key }) => key === "Escape" && end(lift.cancel));
  document.addEventListener("htmx:after:swap", draw);

  return { offer };
})();
