// The time since the last point: <time data-age>, with the texts data-now, -minutes, -hours and -days. Based on the
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

  // The texts are the page's own: not every browser supports Kazakh.
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
