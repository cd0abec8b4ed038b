// All phones get the same name of the scorer; only this phone knows whether it is itself.
(() => {
  const strip = document.getElementById("holder");

  const show = () => {
    const { holder } = strip.querySelector("[data-holder]").dataset;
    strip.hidden = !holder || holder === strip.dataset.own;
  };

  new MutationObserver(show).observe(strip, { attributeFilter: ["data-holder"], childList: true, subtree: true });
})();
