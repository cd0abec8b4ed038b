// A board's clock: <time data-wall="Asia/Almaty">.
(() => {
  const wall = document.querySelector("[data-wall]");
  const clock = new Intl.DateTimeFormat("ru", { hour: "2-digit", minute: "2-digit", timeZone: wall.dataset.wall });
  setInterval(() => {
    wall.textContent = clock.format(new Date());
  }, 1_000);
})();
