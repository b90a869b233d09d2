// Answers that no server has acknowledged yet. Nothing else is ever put here: each lies in IndexedDB, encrypted under
// a key of its own that no script can read out (not extractable), and both are deleted together once it is saved.
const STORE = "waiting";

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

// A change is done when its transaction is complete, not when its request was taken.
const done = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });

export async function open() {
  const request = indexedDB.open("confrere-answers", 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "seq", autoIncrement: true });
  return settled(request);
}

// `survey` is a digest of the page's address: whoever reads the device learns no link from it.
export async function put(db, survey, answer) {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const clear = new TextEncoder().encode(JSON.stringify(answer));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, clear);
  const change = db.transaction(STORE, "readwrite", { durability: "strict" });
  change.objectStore(STORE).add({ survey, key, iv, sealed });
  await done(change);
}

// In the order in which they were given, each with its number `seq`.
export async function all(db, survey) {
  const rows = await settled(db.transaction(STORE).objectStore(STORE).getAll());
  return Promise.all(
    rows
      .filter((row) => row.survey === survey)
      .map(async ({ seq, key, iv, sealed }) => {
        const clear = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed);
        return { seq, ...JSON.parse(new TextDecoder().decode(clear)) };
      }),
  );
}

export async function remove(db, seqs) {
  const change = db.transaction(STORE, "readwrite");
  for (const seq of seqs) change.objectStore(STORE).delete(seq);
  await done(change);
}

export async function digest(text) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
