// Choosing the patient in the form of a visit by keyboard: Enter takes the first match, Down moves into the list. With
// no match Enter opens a new patient's card; in it Enter saves the card, and the next Enter the visit. Searches running
// or pending when a patient is chosen are aborted, so that they do not undo the choice.
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
      if (isEnter && document.querySelector("#found [data-nobody]")) document.querySelector("[data-newcomer]").click();
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
