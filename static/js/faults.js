// When a request gets no answer or a broken one, the page says so itself: a toast from the templates that the server
// left in the page, in its language. What was typed stays, because nothing is swapped.
(() => {
  const NO_ANSWER = "X-No-Answer";

  const show = (name) => {
    const template = document.getElementById(`fault-${name}`);
    document.getElementById("toasts").append(template.content.cloneNode(true));
  };

  // A failed fetch would make htmx write to the console; an answer of our own making does not.
  const fetchOrNoAnswer = async (address, request) => {
    try {
      return await fetch(address, request);
    } catch (error) {
      if (request.signal.aborted && request.signal.reason !== "timeout") throw error;
      return new Response("", { status: 503, headers: { [NO_ANSWER]: "true" } });
    }
  };

  // Streams are left alone: their absence is told by the freshness sign.
  document.addEventListener("htmx:config:request", ({ detail }) => {
    if (!detail.ctx.sourceElement.hasAttribute("hx-sse:connect")) detail.ctx.fetch ??= fetchOrNoAnswer;
  });

  // A server that could still speak has put its own toast into the answer.
  document.addEventListener("htmx:response:error", ({ detail }) => {
    const { sourceElement, response, text } = detail.ctx;
    const isTold = response.status < 500 || text.includes("<hx-partial");
    if (isTold || sourceElement.hasAttribute("hx-sse:connect")) return;
    show(response.headers.has(NO_ANSWER) ? "network" : "server");
  });

  // The session is a new one: its token goes into the page, and the next press goes through.
  document.addEventListener("htmx:response:error", ({ detail }) => {
    const token = detail.ctx.response.headers.get("X-CSRFToken");
    if (!token) return;
    document.body.setAttribute("hx-headers:inherited", JSON.stringify({ "X-CSRFToken": token }));
    for (const input of document.querySelectorAll("input[name=csrf_token]")) input.value = token;
  });

  // The answer broke off half way.
  document.addEventListener("htmx:error", ({ detail }) => {
    if (detail.ctx && !detail.ctx.sourceElement.hasAttribute("hx-sse:connect")) show("network");
  });
})();
