// How long ago the last point was: <time data-age>, with data-now, -minutes, -hours and -days to say it. Counted by the
// server's clock, since those of televisions and phones are often wrong.
(() => {
  const EVERY = 5_000;
  const MINUTE = 60_000;
  const UNITS = [
    [24 * 60 * MINUTE, "days"],
    [60 * MINUTE, "hours"],
    [MINUTE, "minutes"],
  ];
  let ahead = 0;

  // The words are the page's own: not every browser knows Kazakh.
  const ago = ({ dateTime, dataset }) => {
    const age = Date.now() - ahead - Date.parse(dateTime);
    const [unit, name] = UNITS.find(([unit]) => age >= unit) ?? [1, "now"];
    return dataset[name].replace("{n}", Math.floor(age / unit));
  };
  const tell = () => {
    for (const time of document.querySelectorAll("time[data-age]")) {
      const said = ago(time);
      if (time.textContent !== said) time.textContent = said;
    }
  };

  document.addEventListener("stream:alive", ({ detail }) => {
    ahead = Date.now() - Date.parse(detail.now);
    tell();
  });
  document.addEventListener("htmx:after:swap", tell);
  setInterval(tell, EVERY);
  tell();
})();
