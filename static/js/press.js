// While a button of a form is being pressed, the form's fields ask nothing and take no answer: what is said under a field
// comes and goes with its height, and the button would slip away from under the finger. The whole is about to be asked.
(() => {
  const ASKING = "[hx-target^='#field-']";
  let pressed = null;

  document.addEventListener(
    "pointerdown",
    ({ target }) => {
      pressed = target.closest("button[type=submit]")?.form;
      const asking = pressed?.querySelectorAll(`${ASKING}.htmx-request`) ?? [];
      for (const field of asking) field.dispatchEvent(new CustomEvent("htmx:abort"));
    },
    true,
  );

  for (const end of ["pointerup", "pointercancel"]) {
    document.addEventListener(end, () => {
      pressed = null;
    });
  }

  document.addEventListener("htmx:config:request", (event) => {
    const source = event.detail.ctx.sourceElement;
    if (pressed && source.form === pressed && source.matches(ASKING)) event.preventDefault();
  });
})();
