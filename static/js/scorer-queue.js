// Sends taps one after the other, each until it has a response: one whose response was lost is sent again with
// the same key and counts once. `take(tap, answer)` shows a response, `changed()` is called when the queue changes,
// `dropped(taps)` with the taps that were dropped together with a refused one.
window.scorerQueue = ({ probe, store, take, changed, dropped }) => {
  const AGAIN_AFTER = 3_000;
  const taps = store.load() ?? [];
  let isSending = false;
  let isAway = false;
  let timer;

  const keep = () => store.save(taps.length ? taps : null);

  // A failed fetch logs to the console, so a server that seems down is first probed silently.
  const send = async (tap) => {
    const isThere = (!isAway && navigator.onLine) || (await quiet.serverAnswers(probe));
    const answer = isThere ? await postTap(tap) : { status: 0, text: "" };
    isAway = answer.status === 0;
    return answer;
  };

  // Signed out, an old page, rate limit, a server error: the tap itself may still be valid.
  const isUndecided = ({ status }) => [0, 400, 401, 408, 429].includes(status) || status >= 500;

  // Taps after a refused one were made on a wrong score.
  const settle = ({ status }) => {
    const [, ...others] = taps.splice(0, status === 200 ? 1 : taps.length);
    keep();
    if (others.length) dropped(others);
  };

  const sendFirst = async () => {
    const answer = await send(taps[0]);
    await take(taps[0], answer);
    if (isUndecided(answer)) taps[0].hasFailed = true;
    else settle(answer);
    changed();
  };

  const flush = async () => {
    if (isSending) return;
    isSending = true;
    clearTimeout(timer);
    while (taps.length && !taps[0].hasFailed) await sendFirst();
    isSending = false;
    if (taps.length) timer = setTimeout(again, AGAIN_AFTER);
  };

  const again = () => {
    if (isSending || taps.length === 0) return;
    taps[0].hasFailed = false;
    flush();
  };

  const away = () => {
    isAway = true;
  };

  addEventListener("online", again);
  document.addEventListener("stream:lost", away);
  document.addEventListener("stream:alive", again);

  return {
    taps,
    add(tap) {
      taps.push(tap);
      keep();
      changed();
      flush();
    },
    flush,
  };
};
