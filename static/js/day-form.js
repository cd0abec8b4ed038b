// Validates an open form when data change: whether the visit's time is still free when something changed on its day,
// and phone and IIN when another card got new ones. One's own save is ignored.
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
