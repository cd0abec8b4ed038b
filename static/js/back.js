// The page that Back brings is shown as the browser kept it. After somebody has signed out it is asked for anew, so that
// whoever comes next does not see it.
(() => {
  const SIGNED_OUT = "signed out";
  const before = localStorage.getItem(SIGNED_OUT);

  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted || localStorage.getItem(SIGNED_OUT) === before) return;
    document.documentElement.hidden = true;
    location.reload();
  });
})();
