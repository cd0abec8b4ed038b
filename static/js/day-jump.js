// The strip of names appears only while the columns do not fit, and underlines those in view.
(() => {
  const strip = document.getElementById("jump");
  const { day } = board;
  if (!strip) return;
  const link = (column) => strip.querySelector(`[href="#${column.id}"]`);

  const seen = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) link(target)?.classList.toggle("is-seen", isIntersecting);
    },
    { root: day, threshold: 0.04, rootMargin: "0px -40px 0px -52px" },
  );
  for (const column of board.columns()) seen.observe(column);

  new ResizeObserver(() => {
    strip.hidden = day.scrollWidth <= day.clientWidth;
  }).observe(day);

  strip.addEventListener("click", (event) => {
    const column = document.querySelector(event.target.closest("a")?.getAttribute("href") ?? "#none");
    if (!column) return;
    event.preventDefault();
    column.scrollIntoView({ block: "nearest", inline: "start" });
  });
})();
