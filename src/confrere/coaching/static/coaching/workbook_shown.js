// The coach's device: a key for one time, six digits to read out, and then what is shown, in memory only.
import { fromText, newPair, rawPublic, sixDigits, toText, unsealShown } from "./workbook_sealing.js";
import { send, Told } from "./workbook_opening.js";
import { chapters } from "./workbook_pages.js";

const EVERY = 2000; // milliseconds between two looks
const SESSION = 100 * 60 * 1000; // milliseconds that a shown workbook stands at most: a long session and a little more
const root = document.querySelector("[data-workbook]");
const words = JSON.parse(document.getElementById("workbook-words").textContent);
const find = (name) => root.querySelector(`[data-${name}]`);
const pause = (time) => new Promise((resolve) => { setTimeout(resolve, time); });
const end = () => { location.replace(location.pathname); };

async function wait() {
  for (;;) {
    const pair = await newPair();
    const key = await rawPublic(pair);
    const code = await sixDigits(key);
    const ticket = toText(crypto.getRandomValues(new Uint8Array(24)));
    try {
      await send("wait", { ticket, code, key: toText(key) });
    } catch (error) {
      if (error.status === 409) continue; // another device waits under these digits: make others
      throw error;
    }
    find("digits").textContent = `${code.slice(0, 3)} ${code.slice(3)}`;
    find("waiting").hidden = false;
    return { pair, ticket };
  }
}

async function fetched(ticket) {
  for (;;) {
    const { sealed } = await send("fetch", { ticket });
    if (sealed) return fromText(sealed);
    await pause(EVERY);
  }
}

async function look() {
  find("start").hidden = true;
  const { pair, ticket } = await wait();
  const content = await unsealShown(pair, await fetched(ticket));
  find("waiting").hidden = true;
  for (const [title, text] of chapters(content, words)) {
    const head = Object.assign(document.createElement("h2"), { textContent: title });
    find("chapters").append(head, Object.assign(document.createElement("p"), { textContent: text, className: "written" }));
  }
  find("shown").hidden = false;
  setTimeout(end, SESSION);
}

find("start").addEventListener("click", () => look().catch((error) => {
  find("waiting").hidden = true;
  find("trouble").textContent = error instanceof Told ? error.message : words.noX25519;
}));
find("end").addEventListener("click", end);
window.addEventListener("pagehide", () => { find("chapters").replaceChildren(); });
window.addEventListener("pageshow", (event) => { if (event.persisted) end(); });
