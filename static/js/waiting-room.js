// The waiting room's screen: a gong and a spoken call for each new call. Browsers allow no sound before a press; a
// press is remembered, and where the browser allows autoplay, nobody has to press again after a power cut.
(() => {
  const PARTIALS = [523.25, 659.25];
  const LOUDNESS = 0.35;
  const SECONDS = 1.6;
  const REMEMBERED = "sound";
  const main = document.getElementById("main");
  const button = document.querySelector("[data-sound]");
  const today = document.querySelector("[data-today]");
  const room = () => document.getElementById("room");
  let audio;
  let newest = room().dataset.since ?? "";

  const strike = (frequency, at) => {
    const tone = new OscillatorNode(audio, { frequency });
    const fading = new GainNode(audio, { gain: LOUDNESS });
    fading.gain.setValueAtTime(LOUDNESS, at);
    fading.gain.exponentialRampToValueAtTime(0.001, at + SECONDS);
    tone.connect(fading).connect(audio.destination);
    tone.start(at);
    tone.stop(at + SECONDS);
  };
  const gong = () => {
    for (const [place, frequency] of PARTIALS.entries()) strike(frequency, audio.currentTime + place * 0.5);
  };
  const speak = (words) => {
    const said = new SpeechSynthesisUtterance(words);
    said.lang = document.documentElement.lang;
    setTimeout(() => speechSynthesis.speak(said), SECONDS * 1000);
  };

  const look = () => {
    const { since = "", says, day } = room()?.dataset ?? {};
    if (day) today.textContent = day;
    if (since <= newest) return;
    newest = since;
    if (audio?.state !== "running") return;
    gong();
    if (window.speechSynthesis) speak(says);
  };

  const show = () => {
    button.hidden = audio?.state === "running";
  };
  const listen = () => {
    audio ??= new AudioContext();
    audio.onstatechange = show;
    show();
  };

  button.addEventListener("click", async () => {
    listen();
    await audio.resume();
    localStorage.setItem(REMEMBERED, "on");
    gong();
  });
  if (localStorage.getItem(REMEMBERED)) listen();
  else show();
  new MutationObserver(look).observe(main, {
    subtree: true,
    childList: true,
    attributeFilter: ["data-since", "data-day"],
  });
})();
