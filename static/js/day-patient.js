// Choosing the patient in the form of a visit by keys: Enter takes the first of the found, Down goes into their list.
// In a new patient's card Enter saves the card and not the visit.
(() => {
  const choices = () => [...document.querySelectorAll("#found input[type=radio]")];
  const take = (choice) => {
    if (!choice) return;
    choice.checked = true;
    choice.focus();
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

  document.addEventListener("click", ({ target }) => {
    if (!target.closest("[data-newcomer-leave]")) return;
    document.getElementById("newcomer").replaceChildren();
    document.getElementById("q").focus();
  });
})();
