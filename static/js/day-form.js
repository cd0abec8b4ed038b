// An open form learns at once what happened meanwhile: the server is asked whether the visit's time can still be had when
// something changed on its day, and about phone and IIN when some card got another. One's own saving is no news.
(() => {
  const dialog = document.getElementById("dialog");
  const version = (id) => document.getElementById(id).dataset.version;
  const seen = { rail: version("rail"), cards: version("cards") };

  const lookAtTime = () => {
    const times = document.getElementById("form-times");
    if (times?.querySelector("#date").value === board.day.dataset.date) htmx.trigger(times, "news");
  };
  const lookAtCard = () => {
    for (const field of dialog.querySelectorAll("#phone, #iin")) if (field.value) htmx.trigger(field, "change");
  };
  const ask = (part, look) => {
    const isNews = version(part) !== seen[part];
    seen[part] = version(part);
    if (isNews && !dialog.querySelector(":is(form, button).htmx-request")) look();
  };

  document.addEventListener("htmx:after:swap", () => {
    ask("rail", lookAtTime);
    ask("cards", lookAtCard);
  });
})();
