// The copy of a dragged visit that follows the pointer. It is outside the board, so pushes do not touch it.
window.ghost = (() => {
  let copy = null;
  let hold = null;

  // The copy keeps its offset from the pointer.
  const show = (visit, x, y) => {
    const { left, top, width, height } = visit.getBoundingClientRect();
    hold = { x: x - left, y: y - top };
    copy = visit.cloneNode(true);
    copy.removeAttribute("id");
    copy.classList.add("ghost");
    copy.ariaHidden = "true";
    Object.assign(copy.style, { inlineSize: `${width}px`, blockSize: `${height}px` });
    document.body.append(copy);
  };
  // Returns the position of the copy's upper edge.
  const follow = (x, y) => {
    copy.style.translate = `${x - hold.x}px ${y - hold.y}px`;
    return y - hold.y;
  };
  // Over the strip of days it must not cover the target day.
  const fade = (isLeaving) => copy.classList.toggle("is-leaving", isLeaving);
  const hide = () => {
    copy?.remove();
    copy = null;
  };

  return { show, follow, fade, hide };
})();
