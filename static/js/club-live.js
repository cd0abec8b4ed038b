// A match that ends stays visible for three seconds on pages that showed it live; later pages never show it.
document.addEventListener("htmx:before:swap", ({ detail: { tasks } }) => {
  for (const { fragment } of tasks) {
    const unseen = [...fragment.querySelectorAll("[data-leaving]")].filter(({ id }) => !document.getElementById(id));
    for (const match of unseen) match.remove();
    const section = unseen.length && fragment.querySelector("section.live");
    if (section) section.hidden = !section.querySelector("article");
  }
});
