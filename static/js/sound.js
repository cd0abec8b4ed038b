// A short sound for every point, higher for one side: off by default, remembered in this browser.
(() => {
  const REMEMBERED = "sound of points";
  const LOUDNESS = 0.25;
  const SECONDS = 0.18;
  const PITCHES = { a: 880, b: 660 };
  const button = document.querySelector("[data-sound]");
  let audio;
  let known = new Map();

  const strike = (frequency) => {
    const tone = new OscillatorNode(audio, { frequency, type: "triangle" });
    const fading = new GainNode(audio, { gain: LOUDNESS });
    fading.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + SECONDS);
    tone.connect(fading).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + SECONDS);
  };

  const points = () => {
    const halves = document.querySelectorAll("[data-version] .half");
    const told = [...halves].map((half) => [
      `${half.closest("[data-version]").id} ${half.classList.contains("a") ? "a" : "b"}`,
      half.querySelector(".points").textContent,
    ]);
    return new Map(told);
  };
  const look = () => {
    const now = points();
    const changed = [...now].find(([half, said]) => known.has(half) && known.get(half) !== said);
    known = now;
    if (changed && isOn()) strike(PITCHES[changed[0].at(-1)]);
  };

  const isWanted = () => localStorage.getItem(REMEMBERED) === "on";
  const isOn = () => isWanted() && audio?.state === "running";
  const show = () => button.setAttribute("aria-pressed", isOn());
  const listen = () => {
    audio ??= new AudioContext();
    audio.onstatechange = show;
  };

  button.addEventListener("click", async () => {
    const wanted = !isOn();
    localStorage.setItem(REMEMBERED, wanted ? "on" : "off");
    listen();
    if (wanted) await audio.resume();
    if (wanted) strike(PITCHES.a);
    show();
  });
  document.addEventListener("htmx:after:swap", look);
  known = points();
  if (isWanted()) listen();
  button.hidden = false;
  show();
})();
