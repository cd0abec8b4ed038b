// While a form's button is pressed, its fields send no validation request and apply no response: a message under a
// field changes the height, and the button would move from under the finger. The submit validates everything anyway.
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
