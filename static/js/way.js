// By which way news comes: as a stream, or, where a proxy keeps streams back, by asking for what is new now and then.
// `hello` never comes through such a proxy, while a short answer does. `alive` is told of every sign of life.
window.newsWay = (stream, alive) => {
  const HELLO_WITHIN = 8_000;
  const SILENCE = 45_000;
  const ASK_AFTER = 10_000;
  // From half a minute on, twice as long after each time that was in vain.
  const [SHORTEST, LONGEST] = [15_000, 600_000];

  let askingSince = 0;
  let tryAfter = SHORTEST;
  let hasHello = false;
  let heardAt = 0;

  const isAsking = () => askingSince > 0;
  const hear = () => {
    heardAt = Date.now();
  };

  for (const name of ["hello", "beat"]) {
    stream.addEventListener(name, ({ detail }) => {
      hasHello = true;
      if (!isAsking()) tryAfter = SHORTEST;
      alive({ ...JSON.parse(detail.data), isDelayed: isAsking() });
    });
  }

  return {
    isAsking,
    hear,
    begin() {
      if (Date.now() - askingSince > tryAfter) askingSince = 0;
      hasHello = false;
      hear();
    },
    // No answer at all says nothing against streams.
    forget() {
      askingSince = 0;
    },
    // By the clock, not by a timer that stops while the computer sleeps.
    isSilent: () => Date.now() - heardAt > (hasHello ? SILENCE : HELLO_WITHIN),
    // After an end: whether to ask from now on, because the stream stayed open and not even hello came.
    turnsToAsking(wasSilent) {
      const isMute = wasSilent && !hasHello && !isAsking();
      if (isMute) tryAfter = Math.min(2 * tryAfter, LONGEST);
      if (isMute) askingSince = Date.now();
      else if (!hasHello) askingSince = 0;
      return isMute;
    },
    address: (streamed) => (isAsking() ? stream.dataset.once : streamed),
    pause: () => ASK_AFTER + (Math.random() * ASK_AFTER) / 2,
  };
};
