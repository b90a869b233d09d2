// The page that checks a record: a file that is chosen, or the programme's own record. Nothing is sent anywhere.
import { verifyRecord } from "./verify.js";

const form = document.getElementById("proof");
const verdict = document.getElementById("verdict");
const bar = document.getElementById("proof-progress");
const sentence = (code, values) =>
  Object.entries(values).reduce(
    (said, [name, value]) => said.replaceAll(`{${name}}`, value), document.getElementById(`says-${code}`).textContent);

async function show(read) {
  verdict.replaceChildren();
  bar.hidden = false;
  let found;
  try {
    found = await verifyRecord(JSON.parse(await read()), (done, all) => Object.assign(bar, { value: done, max: all || 1 }));
  } catch {
    found = { verified: false, entries: 0, first: null, code: "unreadable", values: {} };
  }
  bar.hidden = true;
  const kind = found.verified ? "good" : found.code === "sealed" ? "care" : "harm";
  const title = sentence(found.verified ? "verified" : found.code === "sealed" ? "not-yet" : "broken", found);
  const where = found.first === null ? "" : `${sentence("entry", { first: found.first })} `;
  const box = document.createElement("div");
  box.className = `notice ${kind}`;
  const strong = document.createElement("strong");
  strong.textContent = title;
  const why = document.createElement("p");
  why.textContent = where + sentence(found.verified ? "means" : found.code, { ...found.values, entries: found.entries });
  box.append(strong, why);
  verdict.append(box);
}

form.hidden = false;
form.elements.record.addEventListener("change", ({ target }) => {
  if (target.files.length) show(() => target.files[0].text());
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (form.dataset.record) show(async () => (await fetch(form.dataset.record)).text());
});
