// How long ago the last point was, in the page's language: <time data-age>. Counted by the server's clock, since those
// of televisions and phones are often wrong.
(() => {
  const EVERY = 5_000;
  const STEPS = [
    [60_000, 60_000, "second"],
    [3_600_000, 60_000, "minute"],
    [86_400_000, 3_600_000, "hour"],
    [Number.POSITIVE_INFINITY, 86_400_000, "day"],
  ];
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  let ahead = 0;

  const ago = (past) => {
    const age = Math.max(0, Date.now() - ahead - Date.parse(past));
    const [, unit, name] = STEPS.find(([under]) => age < under);
    return words.format(-Math.floor(age / unit), name);
  };
  const tell = () => {
    for (const time of document.querySelectorAll("time[data-age]")) {
      const said = ago(time.dateTime);
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
