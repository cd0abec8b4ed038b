// A keyboard, a presenter's clicker or the media keys of a button taped to the table: left and right are the halves.
(() => {
  const BUTTONS = {
    ArrowLeft: ".tap.a",
    PageUp: ".tap.a",
    MediaTrackPrevious: ".tap.a",
    ArrowRight: ".tap.b",
    PageDown: ".tap.b",
    MediaTrackNext: ".tap.b",
    ArrowDown: ".undo",
    Backspace: ".undo",
    MediaPlayPause: ".undo",
  };

  const isCombined = ({ altKey, ctrlKey, metaKey, shiftKey }) => altKey || ctrlKey || metaKey || shiftKey;

  document.addEventListener("keydown", (event) => {
    const button = event.key in BUTTONS && document.querySelector(`.scorer-main ${BUTTONS[event.key]}`);
    if (!button || isCombined(event)) return;
    event.preventDefault();
    if (!event.repeat) button.form.requestSubmit();
  });
})();
