// Shows a toast when a request gets no response or a broken one, from a template in the page, in its language.
// Nothing is swapped, so input is kept.
(() => {
  const NO_ANSWER = "X-No-Answer";

  const show = (name) => {
    const template = document.getElementById(`fault-${name}`);
    document.getElementById("toasts").append(template.content.cloneNode(true));
  };

  // A failed fetch would make htmx log to the console; a synthetic response does not.
  const fetchOrNoAnswer = async (address, request) => {
    try {
      return await fetch(address, request);
    } catch (error) {
      if (request.signal.aborted && request.signal.reason !== "timeout") throw error;
      return new Response("", { status: 503, headers: { [NO_ANSWER]: "true" } });
    }
  };

  // Streams are not wrapped: the freshness indicator reports their failures.
  document.addEventListener("htmx:config:request", ({ detail }) => {
    if (!detail.ctx.sourceElement.hasAttribute("hx-sse:connect")) detail.ctx.fetch ??= fetchOrNoAnswer;
  });

  // A server that could still respond has put its own toast into the response.
  document.addEventListener("htmx:response:error", ({ detail }) => {
    const { sourceElement, response, text } = detail.ctx;
    const isTold = response.status < 500 || text.includes("<hx-partial");
    if (isTold || sourceElement.hasAttribute("hx-sse:connect")) return;
    show(response.headers.has(NO_ANSWER) ? "network" : "server");
  });

  // The session is new: its CSRF token goes into the page, so the next press succeeds.
  document.addEventListener("htmx:response:error", ({ detail }) => {
    const token = detail.ctx.response.headers.get("X-CSRFToken");
    if (!token) return;
    document.body.setAttribute("hx-headers:inherited", JSON.stringify({ "X-CSRFToken": token }));
    for (const input of document.querySelectorAll("input[name=csrf_token]")) input.value = token;
  });

  // The response was cut short.
  document.addEventListener("htmx:error", ({ detail }) => {
    if (detail.ctx && !detail.ctx.sourceElement.hasAttribute("hx-sse:connect")) show("network");
  });
})();
