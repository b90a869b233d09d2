// Sign-out on this device: the pages that it kept to read without a connection go, and with a wanted sign-out also what
// was typed and not posted. A session that merely ended lets what was typed wait for its author.
const forget_pages = () => caches.delete("confrere-lounge");

if ("caches" in window) {
  if (!document.querySelector("form[data-signs-out]")) forget_pages();
  for (const form of document.querySelectorAll("form[data-signs-out]")) {
    form.addEventListener("submit", () => {
      forget_pages();
      indexedDB.deleteDatabase("confrere-drafts");
    });
  }
}
