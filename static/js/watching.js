// Shows the number of watchers in the server's words: nothing for one alone, nothing while the page is not live.
(() => {
  const sign = document.querySelector("[data-watching]");
  const stream = document.querySelector("[data-stream]");
  if (!sign || !stream) return;

  const show = (count) => {
    const words = sign.querySelector("[data-words]");
    words.textContent = words.dataset.words.replace("{count}", count.toLocaleString(document.documentElement.lang));
    sign.hidden = count < 2;
  };

  stream.addEventListener("watching", ({ detail }) => show(JSON.parse(detail.data).count ?? 0));
  for (const end of ["lost", "refused"]) document.addEventListener(`stream:${end}`, () => show(0));
})();
