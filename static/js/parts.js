// A push never replaces a part by an older version, nor one that the user is interacting with.
(() => {
  const LOOK_AGAIN = 250;
  const held = new Map();
  const stream = document.querySelector("[data-stream]");
  let newest = Number(stream?.dataset.since);

  const version = (element) => Number(element?.dataset?.version ?? Number.NaN);
  const isOlder = ({ fragment, target }) => {
    const incoming = fragment.firstElementChild;
    return incoming?.id === target?.id && version(incoming) < version(target);
  };

  const isTyped = (field) => field.value !== field.defaultValue;
  const hasHalfTypedForm = (part) =>
    part.contains(document.activeElement) && [...part.querySelectorAll("input, textarea")].some(isTyped);
  const isInUse = (part) =>
    part.matches(".is-dragging") ||
    part.querySelector(".is-dragging, dialog[open], :popover-open") !== null ||
    hasHalfTypedForm(part);

  // Only the newest frame of a part waits; polled, because there is no single event for the end of an interaction.
  const hold = ({ fragment, target, swapSpec }) => {
    const wrapper = document.createElement("template");
    wrapper.content.append(fragment);
    if (held.size === 0) setTimeout(release, LOOK_AGAIN);
    held.set(target.id, { text: wrapper.innerHTML, swap: swapSpec.style });
  };
  const release = () => {
    for (const [id, { text, swap }] of held) {
      const target = document.getElementById(id);
      if (target && isInUse(target)) continue;
      held.delete(id);
      if (target) htmx.swap({ sourceElement: stream, target, text, swap });
    }
    if (held.size) setTimeout(release, LOOK_AGAIN);
  };

  document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
    const isPush = ctx.sourceElement === stream;
    for (const task of [...tasks]) {
      const mustWait = isPush && task.target && !isOlder(task) && isInUse(task.target);
      if (mustWait) hold(task);
      if (mustWait || isOlder(task)) tasks.splice(tasks.indexOf(task), 1);
    }
  });

  // Versions only grow, unless a backup was restored: then what the server sends now is right.
  stream?.addEventListener("htmx:sse:before:message", ({ detail: { message } }) => {
    const id = Number(message.id || newest);
    if (id < newest) for (const part of document.querySelectorAll("[data-version]")) delete part.dataset.version;
    newest = id;
  });
})();
