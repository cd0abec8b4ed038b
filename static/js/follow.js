// Following a club or a player: asks the browser for permission and a push subscription; the form sends it to the
// server, whose response says whether this browser now follows.
(() => {
  const form = () => document.getElementById("follow");
  const canBeTold = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  if (!form() || !canBeTold) return;

  const toBytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt());
  const toText = (bytes) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=/g, "");

  const say = (what) => {
    const hint = form().querySelector("[role=status]");
    hint.textContent = hint.dataset[what] ?? "";
  };

  // The worker's scope is its own folder, which contains no page: it only shows notifications.
  const known = async () => {
    const worker = await navigator.serviceWorker.getRegistration(form().dataset.worker);
    return worker?.pushManager.getSubscription();
  };
  const activated = (registration) =>
    new Promise((resolve) => {
      const worker = registration.active ?? registration.waiting ?? registration.installing;
      const look = () => worker.state === "activated" && resolve(registration);
      worker.addEventListener("statechange", look);
      look();
    });

  const subscription = async () => {
    const { pushManager } = await activated(await navigator.serviceWorker.register(form().dataset.worker));
    const wish = { userVisibleOnly: true, applicationServerKey: toBytes(form().dataset.key) };
    try {
      return await pushManager.subscribe(wish);
    } catch (error) {
      if (error.name !== "InvalidStateError") throw error;
      await (await pushManager.getSubscription()).unsubscribe(); // it was made for another server key
      return pushManager.subscribe(wish);
    }
  };

  const send = (address, found) => {
    const { elements } = form();
    elements.endpoint.value = found.endpoint;
    elements.public_key.value = toText(found.getKey("p256dh"));
    elements.secret.value = toText(found.getKey("auth"));
    return htmx.ajax("POST", address, { source: form(), target: form(), swap: "outerMorph" });
  };

  const press = async (button) => {
    say("nothing");
    const answer = await Notification.requestPermission();
    if (answer === "denied") say("denied");
    if (answer !== "granted") return;
    button.disabled = true;
    try {
      await send(form().getAttribute("action"), await subscription());
    } catch {
      say("failed");
    } finally {
      button.disabled = false;
    }
  };

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("#follow button");
    if (button) press(button);
  });

  known().then((found) => {
    form().hidden = false;
    if (found && Notification.permission === "granted") send(form().dataset.own, found);
  });
})();
