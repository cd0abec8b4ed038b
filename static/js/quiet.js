// Requests without console errors. Chromium logs every failed fetch, EventSource and image, but not a failed
// navigation of a frame: so a hidden frame probes the server before anything is fetched.
window.quiet = (() => {
  const PATIENCE = 10_000;

  const saysOk = (frame) => /\bok\b/.test(frame.contentDocument?.body?.textContent ?? "");

  // Resolves to whether `url` (plain text "ok", framable by its own origin) can be read now.
  const serverAnswers = (url) =>
    new Promise((resolve) => {
      const frame = Object.assign(document.createElement("iframe"), { hidden: true, src: url });
      const settle = () => {
        clearTimeout(timer);
        resolve(saysOk(frame));
        frame.remove();
      };
      const timer = setTimeout(settle, PATIENCE);
      frame.addEventListener("load", settle);
      document.body.append(frame);
    });

  const eventStream = (body) => new Response(body, { headers: { "Content-Type": "text/event-stream" } });

  const isEventStream = (answer) => answer.ok && answer.headers.get("Content-Type")?.startsWith("text/event-stream");

  const endingQuietly = (reader, onBytes) =>
    new ReadableStream({
      async pull(controller) {
        const { done, value } = await reader.read().catch(() => ({ done: true }));
        if (done) return controller.close();
        onBytes();
        controller.enqueue(value);
      },
      cancel: () => reader.cancel().catch(() => {}),
    });

  // A fetch for hx-sse that never fails: a refusal, a cut or a login page looks like the end of a stream, so hx-sse
  // neither reports an error nor swaps a foreign body into the page. `onStatus` gets the status (0: no response).
  const fetchStream = async (url, request, { signal, onStatus, onBytes }) => {
    const signals = AbortSignal.any([request.signal, signal]);
    const answer = await fetch(url, { ...request, signal: signals, cache: "no-store" }).catch(() => null);
    onStatus(answer?.status ?? 0);
    if (answer && isEventStream(answer)) return eventStream(endingQuietly(answer.body.getReader(), onBytes));
    answer?.body?.cancel().catch(() => {});
    return eventStream("");
  };

  return { serverAnswers, fetchStream };
})();
