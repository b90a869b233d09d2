// The page that checks a record: a file that is chosen, or the programme's own record. Nothing is sent anywhere.
import { findReceipt, verifyRecord } from "./verify.js";

const form = document.getElementById("proof");
const verdict = document.getElementById("verdict");
const bar = document.getElementById("proof-progress");
const { record: recordFile, receipt: receiptFile } = form.elements;
let readRecord = null;

const sentence = (code, values) =>
  Object.entries(values).reduce(
    (said, [name, value]) => said.replaceAll(`{${name}}`, value), document.getElementById(`says-${code}`).textContent);

function say(kind, title, text) {
  const box = document.createElement("div");
  box.className = `notice ${kind}`;
  const strong = document.createElement("strong");
  strong.textContent = title;
  const why = document.createElement("p");
  why.textContent = text;
  box.append(strong, why);
  verdict.append(box);
}

async function check() {
  const report = (done, all) => Object.assign(bar, { value: done, max: all || 1 });
  let record = null;
  let found = { verified: false, entries: 0, first: null, code: "unreadable", values: {} };
  try {
    record = JSON.parse(await readRecord());
    found = await verifyRecord(record, report);
  } catch (problem) {
    if (!(problem instanceof SyntaxError)) throw problem;
  }
  const [kind, title] = found.verified
    ? ["good", "verified"]
    : found.code === "sealed" ? ["care", "not-yet"] : ["harm", "broken"];
  const where = found.first === null ? "" : `${sentence("entry", { first: found.first })} `;
  const values = { ...found.values, entries: found.entries };
  say(kind, sentence(title, values), where + sentence(found.verified ? "means" : found.code, values));
  if (found.verified && receiptFile.files.length) await checkReceipt(record);
}

async function checkReceipt(record) {
  let line = null;
  try {
    line = await findReceipt(record, JSON.parse(await receiptFile.files[0].text()));
  } catch (problem) {
    if (!(problem instanceof SyntaxError)) throw problem;
  }
  if (line === null) say("harm", sentence("not-mine", {}), sentence("no-line", {}));
  else say("good", sentence("mine", { line }), sentence("mine-means", record.entries[line - 1]));
}

async function show() {
  if (readRecord === null) return;
  verdict.replaceChildren();
  bar.hidden = false;
  try {
    await check();
  } finally {
    bar.hidden = true;
  }
}

form.hidden = false;
recordFile.addEventListener("change", () => {
  if (!recordFile.files.length) return;
  readRecord = () => recordFile.files[0].text();
  show();
});
receiptFile.addEventListener("change", show);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!form.dataset.record) return;
  readRecord = async () => (await fetch(form.dataset.record)).text();
  show();
});
