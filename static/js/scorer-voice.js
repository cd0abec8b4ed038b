// Speaks the score in the page's language, on phones where this is switched on.
(() => {
  const REMEMBERED = "score aloud";
  const main = document.getElementById("main");
  const button = document.getElementById("voice");
  if (!("speechSynthesis" in window)) return;

  const words = () => main.querySelector("[data-say]").dataset.say;
  const isOn = () => button.ariaPressed === "true";
  let said = words();

  const say = () => {
    const utterance = new SpeechSynthesisUtterance(words());
    utterance.lang = document.documentElement.lang;
    speechSynthesis.cancel();
    speechSynthesis.speak(utterance);
  };

  const heed = () => {
    if (words() === said) return;
    said = words();
    if (isOn()) say();
  };

  const turn = (isWanted) => {
    button.ariaPressed = String(isWanted);
    if (isWanted) localStorage.setItem(REMEMBERED, "on");
    else localStorage.removeItem(REMEMBERED);
  };

  button.addEventListener("click", () => {
    turn(!isOn());
    if (isOn()) say();
    else speechSynthesis.cancel();
  });
  button.hidden = false;
  if (localStorage.getItem(REMEMBERED)) turn(true);
  new MutationObserver(heed).observe(main, { attributeFilter: ["data-say"], childList: true, subtree: true });
})();
