// The list of patients follows the cards: it is asked for again as it stands, with its search and its page. While a
// search is on its way it waits for the answer, which may have been drawn before the change.
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
