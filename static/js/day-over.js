// At midnight a page keeps the day or the week it was opened for: one of today says so, and the strip of days marks the
// new one.
(() => {
  const news = document.getElementById("day-over");
  const link = document.querySelector("[data-to-today]");

  document.addEventListener("stream:alive", ({ detail }) => {
    const today = detail.now.slice(0, 10);
    if (news) {
      news.hidden = today <= news.dataset.until;
      const way = news.querySelector("a");
      way.href = way.href.replace(/\d{4}-\d\d-\d\d$/, today);
    }
    for (const tab of document.querySelectorAll(".dates [data-date]")) {
      tab.classList.toggle("is-today", tab.dataset.date === today);
    }
    if (!link) return;
    link.hidden = document.getElementById("day").dataset.date === today;
    link.href = link.href.replace(/[^/]+$/, today);
  });
})();
