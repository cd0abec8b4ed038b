// Updates what a page asked for when it changes: requests it again, as it was asked for. It waits for a running request,
// whose response may have been rendered before the change.
(() => {
  const news = () => document.querySelector("[data-news-about]");
  let seen = news().dataset.version;

  const look = () => {
    const { version, newsAbout } = news().dataset;
    const isAsking = document.querySelector(`[data-search].htmx-request, #${newsAbout}.htmx-request`);
    if (version === seen || isAsking) return;
    seen = version;
    htmx.trigger(document.getElementById(newsAbout), "news");
  };

  document.addEventListener("htmx:after:swap", look);
  document.addEventListener("htmx:finally:request", () => setTimeout(look));
})();
