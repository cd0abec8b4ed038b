// Chooses between a stream and, behind a proxy that buffers streams, polling. `hello` never arrives through such a
// proxy, while a short response does. `alive` is called for every sign of life.
window.newsWay = (stream, alive) => {
  const HELLO_WITHIN = 8_000;
  const SILENCE = 45_000;
  const LATE = 25_000; // the heartbeat of every 20 seconds is missing
  const ASK_AFTER = 10_000;
  // Starts at half a minute and doubles after each failed attempt.
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
    // No response at all is no evidence against streams.
    forget() {
      askingSince = 0;
    },
    // By the clock, because timers stop while the computer sleeps.
    isSilent: () => Date.now() - heardAt > (hasHello ? SILENCE : HELLO_WITHIN),
    // Nothing was heard for longer than a healthy stream is ever silent.
    isLate: () => Date.now() - heardAt > LATE,
    // After a stream's end: whether to poll from now on, because it was open without even a hello.
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
