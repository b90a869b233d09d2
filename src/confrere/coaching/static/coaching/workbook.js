// The page: set up, open, write, show, close. What is written is in this page's memory while it is open, and nowhere else.
import { draw, fill, keepReflection, read, sheet, startReview } from "./workbook_pages.js";
import { makeCode, readCode, sealFor, sixDigits, Slip, fromText, toText } from "./workbook_sealing.js";
import { send, Told, touch, Workbook } from "./workbook_opening.js";

const LEFT_ALONE = 5 * 60 * 1000; // milliseconds until an untouched workbook closes
const PAUSE = 1500; // milliseconds after the last letter until it is sealed and saved
const root = document.querySelector("[data-workbook]");
const words = JSON.parse(document.getElementById("workbook-words").textContent);
const find = (name) => root.querySelector(`[data-${name}]`);
const on = (name, event, act) => find(name)?.addEventListener(event, (happened) => { happened.preventDefault(); tell(""); act(happened).catch(trouble); });
const tell = (sentence) => { find("trouble").textContent = sentence; };
const state = (sentence) => { find("state").textContent = sentence; };
const part = (name) => { for (const each of root.querySelectorAll("[data-part]")) each.hidden = each.dataset.part !== name; };

const page = root.querySelector("[data-part=open]");

let workbook; // the way to the server, with the share
let content; // what is written
let pending; // a passkey that is to be added as soon as the code has opened
let code; // the groups of a recovery code that is being made
let passkey; // of the set-up
let dirty = false;
let saving = Promise.resolve();
let pause;
let alone;

function trouble(error) {
  if (error instanceof Slip) tell(`${words[error.kind]} ${error.where}.`);
  else if (error instanceof Told) tell(error.message);
  else throw error;
  find("prove").hidden = error.status !== 403;
}

// --- set up, and a new recovery code
function showCode() {
  code = makeCode();
  const list = find("groups");
  list.replaceChildren(...code.map((group) => Object.assign(document.createElement("li"), { textContent: group })));
  const first = 1 + Math.floor(Math.random() * 3); // which groups are asked is no secret
  find("code").dataset.wanted = `${first} ${first + 3}`;
  find("asked").textContent = `${words.repeat} ${first}, ${first + 3}`;
  find("repeated").value = "";
  part("code");
}

on("begin", "submit", async () => {
  passkey = root.dataset.passkeys === "0" ? null : await touch();
  workbook = await Workbook.unlocked(passkey?.proof);
  showCode();
  if (passkey && !passkey.secret) tell(words.noPrf);
});

on("code", "submit", async () => {
  const wanted = find("code").dataset.wanted.split(" ").map((number) => code[number - 1]).join("");
  if (find("repeated").value.toUpperCase().replace(/[^0-9A-Z]/g, "") !== wanted) throw new Told(words.notRepeated);
  const secret = readCode(code.join(""));
  if (workbook.key) await workbook.add("code", secret, "", passkey?.proof);
  else {
    const locks = [{ kind: "code", secret }];
    if (passkey?.secret) locks.push({ kind: "passkey", secret: passkey.secret, credential: passkey.credential });
    content = {};
    await workbook.begin(locks, content);
  }
  code = undefined;
  find("groups").replaceChildren();
  opened();
});

on("print", "click", async () => window.print());
on("renew", "click", async () => {
  passkey = root.dataset.passkeys === "0" ? null : await touch();
  showCode();
});

// --- open
on("passkey", "click", async () => {
  const key = await touch();
  workbook = await Workbook.unlocked(key.proof);
  if (!key.secret) throw new Told(words.noPrf);
  if (!workbook.way("passkey", key.credential)) {
    pending = key;
    throw new Told(words.newPasskey);
  }
  content = await open("passkey", key.secret, key.credential);
  opened();
});

on("by-code", "submit", async () => {
  const secret = readCode(find("typed").value);
  workbook ??= await Workbook.unlocked();
  content = await open("code", secret);
  find("typed").value = "";
  if (pending) await workbook.add("passkey", pending.secret, pending.credential);
  opened();
  if (pending) state(words.added);
  pending = undefined;
});

async function open(kind, secret, credential) {
  workbook.acceptOlder = find("older").checked;
  return workbook.open(kind, secret, credential).catch((error) => {
    find("older").closest("label").hidden = !error.message.startsWith(words.older);
    throw error;
  });
}

// --- write
function opened() {
  passkey = undefined;
  fill(root, content, words);
  part("open");
  page.focus();
  state(workbook.version ? words.saved : "");
  wake();
}

function save() {
  clearTimeout(pause);
  saving = saving.then(async () => {
    if (!dirty || !workbook?.key) return;
    dirty = false;
    read(root, content);
    state(words.saving);
    await workbook.save(content).catch((error) => { dirty = true; throw error; });
    state(words.saved);
    draw(root, content, words);
  }).catch((error) => { state(words.unsaved); trouble(error); });
  return saving;
}

page.addEventListener("input", (event) => {
  if (!event.target.closest("[data-written]")) return;
  dirty = true;
  state(words.unsaved);
  clearTimeout(pause);
  pause = setTimeout(save, PAUSE);
});

function changed() {
  dirty = true;
  fill(root, content, words);
  return save();
}

on("keep", "click", async () => {
  read(root, content);
  keepReflection(content);
  await changed();
});
on("review", "click", async () => { read(root, content); startReview(root, content, words); });
on("not-now", "click", async () => find("reviewing").close());
on("reviewed", "submit", async () => { read(root, content, true); find("reviewing").close(); await changed(); });
for (const each of root.querySelectorAll("[data-example]")) {
  each.addEventListener("click", () => {
    const { vision, goals } = JSON.parse(document.getElementById("workbook-examples").textContent)[each.dataset.example];
    read(root, content);
    content.vision ||= vision;
    content.goals = goals.map((text, at) => (content.goals?.[at]?.text ? content.goals[at] : { text, marks: [] }));
    changed();
  });
}
on("save", "click", () => { dirty = true; return save(); });

// --- show, take along, another passkey
on("show", "submit", async () => {
  await save();
  const digits = find("digits").value.replace(/\D/g, "");
  const key = fromText((await send("device", { code: digits })).key);
  if (await sixDigits(key) !== digits) throw new Told(words.otherDevice);
  const sealed = await sealFor(key, content).catch(() => { throw new Told(words.noX25519); });
  await send("show", { code: digits, sealed: toText(sealed) });
  find("digits").value = "";
  state(words.shown);
});
on("export", "click", async () => {
  read(root, content);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([sheet(content, words)], { type: "text/plain" }));
  link.download = "workbook.txt";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
});
on("add", "click", async () => {
  const key = await touch();
  if (!key.secret) throw new Told(words.noPrf);
  await workbook.add("passkey", key.secret, key.credential, key.proof);
  state(words.added);
});

// --- close: the page is loaded anew, so that nothing of it is left
async function close(how) {
  await save();
  location.replace(`${location.pathname}#${dirty ? "closedUnsaved" : how}`);
  location.reload();
}

function wake() {
  clearTimeout(alone);
  if (workbook?.key) alone = setTimeout(() => close("closed"), LEFT_ALONE);
}

on("close", "click", () => close(""));
for (const event of ["pointerdown", "keydown", "input"]) document.addEventListener(event, wake);
document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
window.addEventListener("pagehide", () => { for (const form of root.querySelectorAll("form")) form.reset(); page.remove(); });
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

tell(words[location.hash.slice(1)] ?? "");
history.replaceState(null, "", location.pathname);
part(root.dataset.written === "yes" ? "locked" : "begin");
