// Opens a survey without a connection: it keeps blank questions and the files that draw them, never an answer, and
// the address of a survey only as a digest. What a person answers goes from the page itself to the server.
const KEPT = "confrere-surveys";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function digest(text) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const page = request.mode === "navigate" && /^\/a\/[^/]+\/$/.test(url.pathname);
  if (!page && !url.pathname.startsWith("/static/")) return;
  event.respondWith(
    fetch(request).catch(async (trouble) => {
      const kept = await caches.open(KEPT);
      const found = await kept.match(page ? `/a/kept/${await digest(url.pathname)}` : url.pathname);
      if (found) return found;
      throw trouble;
    }),
  );
});
