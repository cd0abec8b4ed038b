// Choosing the patient in the form of a visit by keys: Enter takes the first of the found, Down goes into their list.
// In a new patient's card Enter saves the card and not the visit. Who is chosen is not taken away again by an answer that
// is still on its way, nor by one that nobody has asked for yet.
(() => {
  const choices = () => [...document.querySelectorAll("#found input[type=radio]")];
  const searchNoMore = () => document.getElementById("q").dispatchEvent(new CustomEvent("htmx:abort"));
  const take = (choice) => {
    if (!choice) return;
    choice.checked = true;
    choice.focus();
    searchNoMore();
  };

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    const isEnter = event.key === "Enter";
    if (field.id === "q" && (isEnter || event.key === "ArrowDown")) {
      event.preventDefault();
      take(choices().find((choice) => choice.checked) ?? choices()[0]);
    } else if (isEnter && field.matches?.("#newcomer input")) {
      event.preventDefault();
      document.querySelector("[data-newcomer-save]").click();
    }
  });

  document.addEventListener("change", ({ target }) => {
    if (target.matches("#found input[type=radio]")) searchNoMore();
  });
  document.addEventListener("htmx:config:request", (event) => {
    const isLeft = event.detail.ctx.sourceElement.id === "q" && document.activeElement?.id !== "q";
    if (isLeft && choices().some((choice) => choice.checked)) event.preventDefault();
  });

  document.addEventListener("click", ({ target }) => {
    if (!target.closest("[data-newcomer-leave]")) return;
    document.getElementById("newcomer").replaceChildren();
    document.getElementById("q").focus();
  });
})();
