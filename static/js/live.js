// One page, one stream. hx-sse reads and swaps it; this decides when to connect. Says on the document what became of
// it: stream:alive {clock}, stream:lost, stream:refused {status}.
(() => {
  const SILENCE = 45_000;
  const LOOK_EVERY = 1_000;
  const REFUSALS = [401, 403, 404];
  const stream = document.querySelector("[data-stream]");
  if (!stream) return;

  let isBusy = false;
  let isOver = false;
  let status = 0;
  let lastId = "";
  let heardAt = 0;
  let timer;
  let cut = new AbortController();

  const tell = (what, detail) => document.dispatchEvent(new CustomEvent(`stream:${what}`, { detail }));
  const isPaused = () => document.hidden && "pause" in stream.dataset;
  const heard = () => {
    heardAt = Date.now();
  };

  const rest = (delay) => {
    isBusy = false;
    tell("lost");
    timer = setTimeout(reconnect, delay || 5_000 + Math.random() * 5_000);
  };
  const connect = () => {
    isBusy = true;
    cut = new AbortController();
    heard();
    htmx.trigger(stream, "connect");
  };
  const reconnect = async () => {
    if (isBusy || isOver || isPaused()) return;
    clearTimeout(timer);
    isBusy = true;
    const isThere = await quiet.serverAnswers(stream.dataset.probe);
    if (isThere && !isPaused()) connect();
    else rest();
  };
  const ended = (connection) => {
    lastId = connection.lastEventId || lastId;
    isOver = REFUSALS.includes(status);
    if (isOver) tell("refused", { status });
    else rest(connection.config.reconnectDelay);
  };
  // By the clock, not by a timer that stops while the computer sleeps.
  const cutIfSilent = () => {
    if (isBusy && Date.now() - heardAt > SILENCE) cut.abort();
  };

  stream.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    if (lastId) ctx.request.headers["Last-Event-ID"] = lastId;
    const onStatus = (answered) => {
      status = answered;
    };
    ctx.fetch = (url, request) => quiet.fetchStream(url, request, { signal: cut.signal, onStatus, onBytes: heard });
  });
  stream.addEventListener("htmx:sse:close", ({ detail }) => ended(detail.connection));
  for (const name of ["hello", "beat"]) {
    stream.addEventListener(name, ({ detail }) => tell("alive", JSON.parse(detail.data)));
  }
  document.addEventListener("visibilitychange", () => {
    cutIfSilent();
    if (isPaused()) cut.abort();
    else reconnect();
  });
  document.addEventListener("stream:retry", reconnect);
  addEventListener("online", reconnect);
  addEventListener("DOMContentLoaded", () => isPaused() || connect());
  setInterval(cutIfSilent, LOOK_EVERY);
})();
