// Replays a match: the links become buttons, and steps follow each other as in the match, at the chosen speed;
// long pauses are shortened.
(() => {
  const LONGEST_PAUSE = 20_000;
  const find = (name) => document.querySelector(`[data-${name}]`);
  const [shown, play, reel, speed, place] = ["shown", "play", "reel", "speed", "place"].map(find);
  const words = play.querySelector("span");
  const usual = words.textContent;
  const use = play.querySelector("use");
  const times = new Map(
    [...document.querySelectorAll("[data-step]")].map(({ dataset }) => [+dataset.step, dataset.at * 1_000]),
  );
  const last = Number(reel.max);
  let step = Number(reel.value);
  let isPlaying = false;
  let timer;

  const address = () => `?step=${step}`;
  const draw = async () => {
    const asked = step;
    reel.value = step;
    place.textContent = `${step} / ${last}`;
    const answer = await fetch(address(), { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || asked !== step) return;
    htmx.swap({ sourceElement: shown, target: shown, text: await answer.text(), swap: "innerMorph" });
    history.replaceState(null, "", address());
    for (const row of document.querySelectorAll(".steps tr[aria-current]")) row.removeAttribute("aria-current");
    document.querySelector(`[data-step="${step}"]`)?.closest("tr").setAttribute("aria-current", "step");
  };

  const pause = () =>
    step === 0 ? 1_000 : Math.min(LONGEST_PAUSE, (times.get(step + 1) ?? 0) - (times.get(step) ?? 0));
  const goOn = () => {
    clearTimeout(timer);
    if (isPlaying && step < last) timer = setTimeout(forward, Math.max(0, pause()) / Number(speed.value));
    else setPlaying(false);
  };
  const setPlaying = (wanted) => {
    isPlaying = wanted;
    words.textContent = wanted ? play.dataset.pause : usual;
    use.setAttribute("href", use.getAttribute("href").replace(/#i-.*/, wanted ? "#i-pause" : "#i-play"));
  };
  const to = async (wanted) => {
    step = Math.min(last, Math.max(0, wanted));
    await draw();
    goOn();
  };
  const forward = () => to(step + 1);
  const toggle = () => {
    setPlaying(!isPlaying);
    if (isPlaying && step === last) to(0);
    else goOn();
  };

  const keys = {
    Home: () => to(0),
    End: () => to(last),
    ArrowLeft: () => to(step - 1),
    ArrowRight: forward,
    " ": toggle,
  };
  document.addEventListener("keydown", (event) => {
    const isTaken = event.target.closest(event.key === " " ? "select, summary, button, a" : "select, [data-reel]");
    if (isTaken || !keys[event.key] || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    keys[event.key]();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-to], [data-step]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (link.dataset.to) keys[link.dataset.to]();
    else to(Number(link.dataset.step));
  });
  play.addEventListener("click", toggle);
  reel.addEventListener("input", () => to(Number(reel.value)));
  for (const each of [play, reel, find("speeds")]) each.hidden = false;
})();
