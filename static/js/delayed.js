// An overlay delayed like the broadcast: once a second it requests the score as it was that long ago. The server
// reads it from the log, so it is correct for that moment, also after a reload or a reconnect.
(() => {
  const EVERY = 1_000;
  const OLD_AFTER = 15_000;
  const region = document.querySelector("[data-delayed]");
  const sign = document.querySelector("[data-fresh]");
  const { delayed, probe } = region.dataset;
  const timeZone = sign.dataset.zone;
  const clock = new Intl.DateTimeFormat("ru", { hour: "2-digit", minute: "2-digit", timeZone });
  let heardAt = Date.now();
  let shown = "";

  const show = (text) => {
    heardAt = Date.now();
    if (text !== shown) htmx.swap({ sourceElement: region, target: region, text, swap: "innerMorph" });
    shown = text;
  };
  const tellAge = () => {
    const isOld = Date.now() - heardAt > OLD_AFTER;
    document.documentElement.classList.toggle("is-stale", isOld);
    sign.textContent = isOld ? sign.dataset.old.replace("{clock}", clock.format(heardAt)) : "";
  };
  const ask = async () => {
    const isThere = Date.now() - heardAt < 2 * EVERY || (await quiet.serverAnswers(probe));
    const options = { headers: { "HX-Request": "true" }, cache: "no-cache" };
    const answer = isThere && (await fetch(delayed, options).catch(() => null));
    if (answer?.ok) show(await answer.text());
    tellAge();
    setTimeout(ask, EVERY);
  };
  ask();
})();
