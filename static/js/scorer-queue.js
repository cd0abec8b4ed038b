// Sends taps one after the other, each until it has a response: one whose response was lost is sent again with
// the same key and counts once. `take(tap, answer)` shows a response, `changed()` is called when the queue changes,
// `dropped(taps)` with the taps that were dropped together with a refused one.
window.scorerQueue = ({ probe, store, take, changed, dropped }) => {
  const AGAIN_AFTER = 3_000;
  const taps = store.load() ?? [];
  let isSending = false;
  let isAway = false;
  let timer;

  // Other tabs of this page keep theirs in the same place.
  const keep = (settled = []) => {
    const own = new Set([...taps, ...settled].map(({ fields }) => fields.tap_id));
    const others = (store.load() ?? []).filter(({ fields }) => !own.has(fields.tap_id));
    store.save(taps.length + others.length ? [...others, ...taps] : null);
  };

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
  const settle = (tap, { status }) => {
    const settled = taps.filter((each) => each === tap || (status !== 200 && each.base > tap.base));
    for (const each of settled) taps.splice(taps.indexOf(each), 1);
    keep(settled);
    if (settled.length > 1) dropped(settled.slice(1));
  };

  const sendFirst = async () => {
    const [tap] = taps;
    const answer = await send(tap);
    await take(tap, answer);
    if (isUndecided(answer)) tap.hasFailed = true;
    else settle(tap, answer);
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
