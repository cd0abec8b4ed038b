// While the form of a visit is open, its time is held and other desks see that. The hold ends with the form or the
// page, or expires by itself.
(() => {
  const { day } = board;
  let isHeld = false;

  const hideOwn = () => {
    for (const hold of day.querySelectorAll(".hold")) hold.hidden = hold.dataset.person === day.dataset.person;
  };
  // Not through htmx, because this request must outlive the page.
  const release = () => {
    if (!isHeld) return;
    isHeld = false;
    const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited"));
    fetch(day.dataset.hold, { method: "DELETE", keepalive: true, headers }).catch(() => {});
  };

  document.addEventListener("htmx:config:request", ({ detail }) => {
    isHeld ||= detail.ctx.sourceElement.matches("[data-hold]");
  });
  document.getElementById("dialog-frame").addEventListener("close", release);
  addEventListener("pagehide", release);
  document.addEventListener("htmx:after:swap", hideOwn);
  hideOwn();
})();
