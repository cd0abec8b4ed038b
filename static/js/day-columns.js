// A doctor was added, left or stands elsewhere now: a page that does not show it says so. A push brings single columns
// and never their order, so that nothing moves under the hand.
(() => {
  const news = document.getElementById("columns-news");
  const shown = () => board.columns().map((column) => column.dataset.practitioner);
  document.addEventListener("htmx:after:swap", () => {
    const current = document.getElementById("axis")?.dataset.columns;
    news.hidden = current === undefined || current === shown().join(" ");
  });
})();
