// A tap shows at once: the digits count what is on its way. The server's board then says the same, or better.
(() => {
  const main = document.getElementById("main");
  const strip = document.getElementById("strip");
  const unsent = document.getElementById("unsent");
  const phone = crypto.getRandomValues(new Uint32Array(2)).join("-");
  let number = 0;

  const version = () => Number(document.querySelector(".scorer-board").dataset.version);

  // What a tap on its way changes of a side's points, unless the board already knows of it. An undo waits for the
  // server: only it knows whose point comes back.
  const change = (tap, side) => (tap.side === side && tap.base >= version() ? tap.step : 0);

  // Where a rally is not simply one point more, as in tennis, the board brings along what the next one makes of it;
  // of the one after that only the server knows.
  const ahead = (digits) => {
    const next = queue.taps.find((tap) => tap.step > 0 && tap.base >= version());
    return next ? digits.dataset[`if${next.side}`] : digits.dataset.said;
  };

  const counted = (digits) => {
    const add = (points, tap) => Math.max(0, points + change(tap, digits.dataset.points));
    return String(queue.taps.reduce(add, Number(digits.dataset.said)));
  };

  const draw = () => {
    for (const digits of document.querySelectorAll("[data-points]")) {
      digits.dataset.said ??= digits.textContent;
      const shown = "ifA" in digits.dataset ? ahead(digits) : counted(digits);
      if (digits.textContent !== shown) digits.textContent = shown;
    }
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
    // Beneath the reason, until the strip goes: whoever tapped them looks at the score and taps what is missing.
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
    fields.base_seq = base;
    const step = form.action.endsWith("/rallies") ? 1 : -1;
    const said =
      form.querySelector("button").ariaLabel ?? main.querySelector(".undo-words > :first-child")?.textContent;
    queue.add({ action: form.action, fields, side: fields.side, step, base, said });
  });
  document.addEventListener("stream:refused", () => {
    document.querySelector(".halves").inert = document.body.classList.contains("is-guest");
  });

  // The server's word replaces the digits; what is still on its way is added before anybody sees it.
  new MutationObserver(draw).observe(main, { childList: true, characterData: true, subtree: true });
  draw();
  queue.flush();
})();
