// Caches one scorer's page and its files for use offline. It is registered for that page's URL alone
// (static/js/scorer-kept.js) and sees no other page. Network-first.
const PATIENCE = 5_000;
const PAGE = new URL(registration.scope).pathname;
const FILES = "/static/";

const isAway = (answer) => !answer || answer.status >= 500;

const late = () => new Promise((resolve) => setTimeout(resolve, PATIENCE));

// Only the page creates the cache, so that what it has deleted stays deleted.
const keep = async (request, answer) => {
  if (await caches.has(PAGE)) await (await caches.open(PAGE)).put(request, answer);
};

// A page from the cache is marked, so that it restores the newer board stored with the unsent taps.
const kept = async (request) => {
  const answer = await caches.match(request, { cacheName: PAGE, ignoreVary: true });
  if (!answer || request.mode !== "navigate") return answer;
  const html = await answer.text();
  return new Response(html.replace("<html", "<html data-kept"), { headers: answer.headers });
};

// Signed out, or the match's link was revoked.
const forget = () => Promise.all([caches.delete(PAGE), registration.unregister()]);

const answered = async (event) => {
  const { request } = event;
  const asked = fetch(request);
  const answer = await Promise.race([asked, late()]).catch(() => null);
  if (isAway(answer)) return (await kept(request)) ?? asked;
  if (answer.ok) event.waitUntil(keep(request, answer.clone()));
  else if (request.mode === "navigate") event.waitUntil(forget());
  return answer;
};

addEventListener("install", () => skipWaiting());

addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const { pathname } = new URL(url);
  const isOurs = pathname === PAGE || pathname.startsWith(FILES);
  if (method === "GET" && isOurs) event.respondWith(answered(event));
});
