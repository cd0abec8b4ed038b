// Updates what a page asked for when it changes: requests it again, as it was asked for. It waits for a running request,
// whose response may have been rendered before the change.
(() => {
  const news = () => document.querySelector("[data-news]");
  let seen = news().dataset.version;

  const look = () => {
    const { version } = news().dataset;
    if (version === seen || document.querySelector(".htmx-request:not([data-stream])")) return;
    seen = version;
    htmx.trigger(document.querySelector('[hx-trigger="news"]'), "news");
  };

  document.addEventListener("htmx:after:swap", look);
  document.addEventListener("htmx:finally:request", () => setTimeout(look));
})();
