// Who keeps the score is told to all phones alike; that it is this one, only this one knows.
(() => {
  const strip = document.getElementById("holder");

  const show = () => {
    const { holder } = strip.querySelector("[data-holder]").dataset;
    strip.hidden = !holder || holder === strip.dataset.own;
  };

  new MutationObserver(show).observe(strip, { attributeFilter: ["data-holder"], childList: true, subtree: true });
})();
