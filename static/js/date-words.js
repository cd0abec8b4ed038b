// Says beside a date field which day it holds: browsers show 03/11 in the order of their own language, not the page's.
(() => {
  // The months are the page's own: not every browser supports Kazakh.
  const months = document.currentScript.dataset.months.split(" ");

  // A year being typed begins with zeros.
  const said = (date) => {
    const [year, month, day] = date.split("-").map(Number);
    return year < 1000 ? "" : `${day} ${months[month - 1]} ${year}`;
  };
  const tell = (input) => {
    let words = input.parentElement.querySelector(".date-words");
    if (!words) {
      words = document.createElement("p");
      words.className = "date-words";
      input.after(words);
    }
    words.textContent = input.value && said(input.value);
  };
  // A field that the server words itself also says the day of the week.
  const UNWORDED = ".field > input[type=date]:not([data-worded])";
  const tellAll = () => document.querySelectorAll(UNWORDED).forEach(tell);

  document.addEventListener("input", ({ target }) => target.matches(UNWORDED) && tell(target));
  document.addEventListener("htmx:after:swap", tellAll);
  tellAll();
})();
