// An open form of a visit learns at once that something happened on its day: the server is asked whether its time can still
// be had. What the person's own saving changes is no news.
(() => {
  const version = () => document.getElementById("rail").dataset.version;
  let seen = version();

  document.addEventListener("htmx:after:swap", () => {
    const isNews = version() !== seen;
    seen = version();
    const times = document.getElementById("form-times");
    const isSaving = times?.closest("form").matches(".htmx-request");
    const isOfTheDay = document.getElementById("date")?.value === board.day.dataset.date;
    if (isNews && times && isOfTheDay && !isSaving) htmx.trigger(times, "news");
  });
})();
