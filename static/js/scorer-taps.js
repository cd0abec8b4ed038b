// Optimistic updates: a tap shows at once, and the server's board then confirms or corrects it.
(() => {
  const main = document.getElementById("main");
  const strip = document.getElementById("strip");
  const unsent = document.getElementById("unsent");
  const phone = crypto.getRandomValues(new Uint32Array(2)).join("-");
  let number = 0;

  const board = () => document.querySelector(".scorer-board");
  const version = () => Number(board().dataset.version);

  // What a pending tap changes in a side's points, unless the board already includes it. An undo waits for the
  // server, which alone knows whose point is undone.
  const change = (tap, side) => (tap.side === side && tap.base >= version() ? tap.step : 0);

  // In tennis the board includes the figures after the next rally; for the one after that the server is needed.
  const ahead = (digits) => {
    const next = queue.taps.find((tap) => tap.step > 0 && tap.base >= version());
    return next ? digits.dataset[`if${next.side}`] : digits.dataset.said;
  };

  const counted = (digits) => {
    const add = (points, tap) => Math.max(0, points + change(tap, digits.dataset.points));
    return String(queue.taps.reduce(add, Number(digits.dataset.said)));
  };

  const draw = () => {
    const figures = [...document.querySelectorAll("[data-points]")];
    for (const digits of figures) {
      digits.dataset.said ??= digits.textContent;
      const shown = "ifA" in digits.dataset ? ahead(digits) : counted(digits);
      if (digits.textContent !== shown) digits.textContent = shown;
    }
    const isWide = figures.some(({ textContent }) => textContent.length > 1);
    board().classList.toggle("has-two", isWide);
  };

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
    document.querySelector(".halves").inert = document.body.classList.contains("is-guest");
  });

  // The server's board replaces the digits; pending taps are added before it is painted.
  new MutationObserver(draw).observe(main, { childList: true, characterData: true, subtree: true });
  draw();
  queue.flush();
})();
