// The app's worker, for pages below /p/: says that something waits, and shows kept pages without a connection.
// A knock carries nothing, so there is nothing here to show but that. Pages are kept only after a member switched it
// on for this device: the last questions of the lounge that were opened, for seven days, in clear. Everything goes at
// sign-out (web/forget.js), when the session or the credential has ended, and when it is switched off; a page that the
// server no longer shows goes as soon as the server says so.
const PAGES = "confrere-lounge";
const MOST = 20;
const DAYS = 7 * 24 * 3600 * 1000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  event.waitUntil(
    self.registration.showNotification("confrère", { body: "Something waits for you.", tag: "waits", icon: "/static/web/icon.svg" }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow("/"));
});

self.addEventListener("message", (event) => {
  if (event.data === "keep") event.waitUntil(caches.open(PAGES));
  if (event.data === "forget") event.waitUntil(caches.delete(PAGES));
});

// A copy with the time at which it was kept, so that it can end.
async function stamped(reply) {
  const headers = new Headers(reply.headers);
  headers.set("X-Kept-At", String(Date.now()));
  return new Response(await reply.blob(), { status: reply.status, headers });
}

async function keep(request, reply) {
  if (reply.type === "opaqueredirect" || reply.redirected || [401, 403].includes(reply.status)) return caches.delete(PAGES);
  const kept = await caches.open(PAGES);
  if ([404, 410].includes(reply.status)) return kept.delete(request.url);
  if (!reply.ok) return;
  await kept.put(request.url, await stamped(reply.clone()));
  const pages = (await kept.keys()).filter((each) => new URL(each.url).pathname.startsWith("/p/"));
  await Promise.all(pages.slice(0, Math.max(0, pages.length - MOST)).map((each) => kept.delete(each)));
}

async function fromKept(request) {
  const found = (await caches.has(PAGES)) && (await (await caches.open(PAGES)).match(request.url));
  if (!found) return null;
  if (Date.now() - Number(found.headers.get("X-Kept-At")) < DAYS) return found;
  await (await caches.open(PAGES)).delete(request.url);
  return null;
}

async function reached(request, wanted, event) {
  try {
    const reply = await fetch(request);
    if (wanted && (await caches.has(PAGES))) event.waitUntil(keep(request, reply.clone()));
    return reply;
  } catch (trouble) {
    const found = await fromKept(request);
    if (found) return found;
    throw trouble;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin || request.method !== "GET") return;
  const page = request.mode === "navigate" && /^\/p\/[^/]+\/lounge\/(q\/\d+\/)?$/.test(url.pathname);
  if (page || url.pathname.startsWith("/static/")) event.respondWith(reached(request, true, event));
});
