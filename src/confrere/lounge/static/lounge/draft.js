// What is being written survives a dropped tab: each form's text lies in IndexedDB, encrypted under a key of its own
// that no script can read out, until it was posted, its author signed out, or has lain for seven days. It is shown to its
// author's account only; whoever copies the browser's files with the key's own store could read it.
const STORE = "drafts";
const DAYS = 7 * 24 * 3600 * 1000;

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function open() {
  const request = indexedDB.open("confrere-drafts", 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return settled(request);
}

const rows = (db, mode = "readonly") => db.transaction(STORE, mode).objectStore(STORE);

async function seal(texts) {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const clear = new TextEncoder().encode(JSON.stringify(texts));
  return { key, iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, clear), at: Date.now() };
}

async function unseal({ key, iv, sealed }) {
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed)));
}

const fields = (form) => [...form.querySelectorAll("textarea, input[type=text], select")].filter((one) => one.name);
const texts = (form) => Object.fromEntries(fields(form).map((one) => [one.name, one.value]));

// A text that was sent goes once another page of ours has opened, which the server only shows when it was posted. Back
// on the same page, the sending failed, and the text is there again.
async function settle_sent(db) {
  for (const name of await settled(rows(db).getAllKeys())) {
    const row = await settled(rows(db).get(name));
    const elsewhere = row.path !== location.pathname || location.hash;
    if ((row.sent && elsewhere) || Date.now() - row.at > DAYS) rows(db, "readwrite").delete(name);
  }
}

async function attend(db, form) {
  const path = location.pathname;
  const name = `${form.dataset.member} ${form.dataset.draft} ${path}`;
  const begun = JSON.stringify(texts(form));
  let timer;
  const save = async (sent = false) => {
    clearTimeout(timer);
    const now = texts(form);
    if (!sent && JSON.stringify(now) === begun) return;
    const row = { ...(await seal(now)), path, sent };
    rows(db, "readwrite").put(row, name);
  };
  const found = "held" in form.dataset ? null : await settled(rows(db).get(name));
  if (found) {
    const kept = await unseal(found);
    for (const one of fields(form)) if (!one.value && kept[one.name]) one.value = kept[one.name];
    const said = form.querySelector("[data-draft-found]");
    if (said) said.hidden = false;
  }
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 600);
  });
  form.addEventListener("submit", () => save(true));
}

const db = await open();
db.onversionchange = () => db.close(); // sign-out in another tab deletes everything
await settle_sent(db);
for (const form of document.querySelectorAll("form[data-draft]")) attend(db, form);
