// Notices on this device, and what it keeps to read without a connection.
const here = document.querySelector("#this-browser");
const form = document.querySelector("#knock-form");
const keeping = document.querySelector("#keep-pages");
const PAGES = "confrere-lounge";

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

async function label() {
  keeping.textContent = (await caches.has(PAGES)) ? keeping.dataset.off : keeping.dataset.on;
  keeping.hidden = false;
}

if ("serviceWorker" in navigator) {
  const registered = navigator.serviceWorker.register(here.dataset.worker, { scope: "/p/" });
  form.hidden = !("PushManager" in window);
  label();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const worker = await registered;
      const wanted = { userVisibleOnly: true, applicationServerKey: bytes(here.dataset.key) };
      form.elements.endpoint.value = (await worker.pushManager.subscribe(wanted)).endpoint;
      form.submit();
    } catch {
      document.querySelector("#knock-refused").hidden = false;
    }
  });
  keeping.addEventListener("click", async () => {
    if (await caches.has(PAGES)) await caches.delete(PAGES);
    else await caches.open(PAGES);
    await label();
  });
}
