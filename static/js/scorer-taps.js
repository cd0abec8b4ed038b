// Optimistic updates: a tap shows at once, and the server's board then confirms or corrects it.
(() => {
  const main = document.getElementById("main");
  const strip = document.getElementById("strip");
  const unsent = document.getElementById("unsent");
  const phone = crypto.getRandomValues(new Uint32Array(2)).join("-");
  let number = 0;

  const version = () => Number(document.querySelector(".scorer-board").dataset.version);

  const draw = scorerAhead(() => queue.taps);

  const count = () => {
    const waiting = queue.taps.some((tap) => tap.hasFailed) ? queue.taps.length : 0;
    unsent.hidden = waiting === 0;
    unsent.querySelector("span").textContent = unsent.dataset.words.replace("{count}", waiting);
  };

  const queue = scorerQueue({
    probe: main.dataset.probe,
    store: scorerStore(`taps of ${location.pathname}`),
    take: async (_tap, { status, text }) => {
      if (text && status < 500) await htmx.swap({ sourceElement: main, target: main, text, swap: "none" });
    },
    // Below the reason, until the strip closes: the scorer compares the score and taps what is missing.
    dropped: (taps) => {
      const words = strip.dataset.dropped.replace("{taps}", taps.map(({ said }) => said).join(", "));
      strip.querySelector("p")?.append(Object.assign(document.createElement("small"), { textContent: words }));
    },
    changed: () => {
      draw();
      count();
    },
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-tap]");
    if (!form) return;
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(form));
    const base = Math.max(version(), (queue.taps.at(-1)?.base ?? -1) + 1);
    if (!strip.contains(form)) fields.tap_id = `${phone}-${++number}`;
    const step = form.action.endsWith("/rallies") ? 1 : -1;
    const said = form.querySelector("button").ariaLabel ?? main.querySelector(".undo-words > *")?.textContent;
    queue.add({ action: form.action, fields: { ...fields, base_seq: base }, side: fields.side, step, base, said });
  });
  document.addEventListener("stream:refused", () => {
    for (const part of main.querySelectorAll(".halves, .undo-bar")) part.inert = document.body.matches(".is-guest");
  });

  draw();
  queue.flush();
})();
