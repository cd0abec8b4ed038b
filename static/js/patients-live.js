// Updates the list of patients when cards change: requests it again with its search and page number. It waits for a
// running search, whose response may have been rendered before the change.
(() => {
  const version = () => document.getElementById("patients-news").dataset.version;
  let seen = version();

  const look = () => {
    const isAsking = document.querySelector("#patient-search.htmx-request, #patients-found.htmx-request");
    if (version() === seen || isAsking) return;
    seen = version();
    htmx.trigger(document.getElementById("patients-found"), "news");
  };

  document.addEventListener("htmx:after:swap", look);
  document.addEventListener("htmx:finally:request", () => setTimeout(look));
})();
