// Scoring by keyboard, a presenter's clicker or the media keys of a button on the table: left and right are the halves
// as displayed.
(() => {
  const LEFT = ".half-cell:first-child .tap";
  const RIGHT = ".half-cell:last-child .tap";
  const BUTTONS = {
    ArrowLeft: LEFT,
    PageUp: LEFT,
    MediaTrackPrevious: LEFT,
    ArrowRight: RIGHT,
    PageDown: RIGHT,
    MediaTrackNext: RIGHT,
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
