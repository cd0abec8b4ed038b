// The service worker for web push: shows notifications and opens the match. It handles no requests, and its scope is
// its own folder, so it controls no page.
self.addEventListener("push", (event) => {
  const { title, body, lang, tag, url } = event.data.json();
  const icon = "/static/img/tablo.svg";
  event.waitUntil(self.registration.showNotification(title, { body, lang, tag, icon, renotify: true, data: { url } }));
});

const show = async (path) => {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = windows.find((each) => new URL(each.url).pathname === path);
  return open ? open.focus() : self.clients.openWindow(path);
};

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show(event.notification.data.url));
});
