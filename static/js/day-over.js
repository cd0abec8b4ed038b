// A page of today that stays open overnight says so: it keeps the day it was opened for.
(() => {
  const news = document.getElementById("day-over");
  document.addEventListener("stream:alive", ({ detail }) => {
    if (news) news.hidden = detail.now.startsWith(news.dataset.date);
  });
})();
