// Notices before an appointment, on this device. The app's worker says only that something waits.
const here = document.querySelector("#this-browser");
const form = document.querySelector("#knock-form");

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

if ("serviceWorker" in navigator && "PushManager" in window) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const worker = await navigator.serviceWorker.register(here.dataset.worker, { scope: "/p/" });
      const wanted = { userVisibleOnly: true, applicationServerKey: bytes(here.dataset.key) };
      form.elements.endpoint.value = (await worker.pushManager.subscribe(wanted)).endpoint;
      form.submit();
    } catch {
      document.querySelector("#knock-refused").hidden = false;
    }
  });
}
