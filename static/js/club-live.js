// A match that has ended stays for three seconds where it was seen going on; who came later never sees it.
document.addEventListener("htmx:before:swap", ({ detail: { tasks } }) => {
  for (const { fragment } of tasks) {
    const unseen = [...fragment.querySelectorAll("[data-leaving]")].filter(({ id }) => !document.getElementById(id));
    for (const match of unseen) match.remove();
    const section = unseen.length && fragment.querySelector("section.live");
    if (section) section.hidden = !section.querySelector("article");
  }
});
