// Keeps one scorer's page and its files for when the network is away. Registered for that page's address alone
// (static/js/scorer-kept.js), it sees no other page. The network is always asked first.
const PATIENCE = 5_000;
const PAGE = new URL(registration.scope).pathname;
const FILES = "/static/";

const isAway = (answer) => !answer || answer.status >= 500;

const late = () => new Promise((resolve) => setTimeout(resolve, PATIENCE));

// Only the page begins to keep anything: what it has forgotten since stays forgotten.
const keep = async (request, answer) => {
  if (await caches.has(PAGE)) await (await caches.open(PAGE)).put(request, answer);
};

// The page that comes back is told so: what it has seen since it was loaded is beside the taps that wait.
const kept = async (request) => {
  const answer = await caches.match(request, { cacheName: PAGE, ignoreVary: true });
  if (!answer || request.mode !== "navigate") return answer;
  const html = await answer.text();
  return new Response(html.replace("<html", "<html data-kept"), { headers: answer.headers });
};

// Signed out, or the match's link was taken back.
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
