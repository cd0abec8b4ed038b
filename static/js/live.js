// One stream per page. hx-sse reads and swaps it; this script decides when to connect. Events on the document:
// stream:alive {clock, isDelayed}, stream:late, stream:lost, stream:refused {status}.
(() => {
  const REFUSALS = [401, 403, 404];
  const stream = document.querySelector("[data-stream]");
  if (!stream) return;

  // A page that was opened in the background asks for everything: by now it may be another day, and changes that time
  // makes are scheduled by those who listen.
  const wasHidden = document.hidden;
  const since = (url) => (wasHidden && !lastId ? url.replace(/&since=\d+/, "") : url);
  const tell = (what, detail) => document.dispatchEvent(new CustomEvent(`stream:${what}`, { detail }));
  const way = newsWay(stream, (life) => tell("alive", life));
  let isBusy = false;
  let isOver = false;
  let status = 0;
  let lastId = "";
  let timer;
  let cut = new AbortController();

  const waitFor = (delay) => {
    isBusy = false;
    timer = setTimeout(reconnect, delay);
  };
  const rest = (delay) => {
    way.forget();
    tell("lost");
    waitFor(delay || 1_000 + Math.random() * 3_000);
  };
  const connect = () => {
    isBusy = true;
    cut = new AbortController();
    way.begin();
    htmx.trigger(stream, "connect");
  };
  const reconnect = async () => {
    if (isBusy || isOver || document.hidden) return;
    clearTimeout(timer);
    isBusy = true;
    const isThere = await quiet.serverAnswers(stream.dataset.probe);
    if (isThere && !document.hidden) connect();
    else rest();
  };
  const ended = (connection) => {
    const { reason } = cut.signal;
    lastId = connection.lastEventId || lastId;
    isOver = REFUSALS.includes(status);
    if (isOver) tell("refused", { status });
    else if (way.turnsToAsking(reason === "silent") || (reason === "turned" && !document.hidden)) waitFor(0);
    else if (way.isAsking()) waitFor(way.pause());
    else rest(connection.config.reconnectDelay);
  };
  const heedSilence = () => {
    if (isBusy && way.isSilent()) cut.abort("silent");
    else if (isBusy && way.isLate()) tell("late");
  };
  // Browsers open six connections to a server over HTTP/1.1, so hidden tabs close their stream. A tab that is shown
  // again reconnects at once, because its connection may have died while the computer slept.
  const turned = () => {
    if (isBusy && (document.hidden || way.isSilent())) cut.abort("turned");
    else reconnect();
  };

  stream.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    if (lastId) ctx.request.headers["Last-Event-ID"] = lastId;
    const onStatus = (answered) => {
      status = answered;
    };
    const options = { signal: cut.signal, onStatus, onBytes: way.hear };
    ctx.fetch = (url, request) => quiet.fetchStream(since(way.address(url)), request, options);
  });
  stream.addEventListener("htmx:sse:close", ({ detail }) => ended(detail.connection));
  document.addEventListener("visibilitychange", turned);
  document.addEventListener("stream:retry", reconnect);
  // Without any network nothing arrives. A stream that survives says so with its next beat.
  addEventListener("offline", () => tell("late"));
  addEventListener("online", reconnect);
  addEventListener("DOMContentLoaded", () => document.hidden || connect());
  setInterval(heedSilence, 1_000);
})();
