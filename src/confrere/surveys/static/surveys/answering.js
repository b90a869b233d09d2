// A survey that goes on without a connection: every screen is drawn from blank ones that the server has made, each
// answer is kept (encrypted, see waiting.js) until the server has it. Without this the plain forms do the same, online.
import { asked } from "./branching.js";
import { complain, empty, fill, inWords, pipe, read, same, wrong } from "./screen.js";
import { Sender } from "./sending.js";
import * as waiting from "./waiting.js";

const PAUSE = 600; // milliseconds in which an answer can still change before it is kept
const root = document.querySelector("[data-answering]");
const base = location.pathname;
const tab = crypto.randomUUID?.();

class Survey {
  constructor(sheet, db, survey) {
    this.templates = new Map(
      [...sheet.querySelectorAll("template[data-question]")].map((one) => [one.dataset.question, one]),
    );
    this.parts = new Map([...sheet.querySelectorAll("template[data-part]")].map((one) => [one.dataset.part, one]));
    this.questions = JSON.parse(sheet.getElementById("questions").textContent);
    this.known = new Map(); // question → {value, number}: what the person has before their eyes
    this.screen = root.querySelector("[data-screen]");
    this.status = root.querySelector("[data-status]");
    this.notices = root.querySelector("[data-notices]");
    this.sender = new Sender({ db, base, survey, told: this });
  }

  get answers() {
    return new Map([...this.known].map(([name, { value }]) => [name, value]));
  }

  get asked() {
    return asked(this.questions, this.answers);
  }

  get current() {
    return this.questions.find((question) => question.name === this.here);
  }

  async begin() {
    await this.refresh();
    for (const row of await waiting.all(this.sender.db, this.sender.survey)) {
      this.keep(row.question, row.value);
      this.gave = true;
    }
    root.addEventListener("submit", (event) => this.submitted(event));
    root.addEventListener("change", () => this.changed_soon());
    root.addEventListener("click", (event) => this.clicked(event));
    addEventListener("popstate", () => this.show(this.wanted(), { push: false }));
    if (this.screen.dataset.screen && this.screen.dataset.screen === this.wanted()) this.here = this.wanted();
    else this.show(this.wanted(), { push: false });
    await this.sender.flush();
  }

  // What the server has counts, unless a newer answer of this device still waits.
  async refresh() {
    const state = await this.sender.state().catch(() => null);
    for (const [name, { value, number }] of Object.entries(state?.given ?? {})) this.known.set(name, { value, number });
  }

  keep(name, value) {
    this.known.set(name, { value, number: this.known.get(name)?.number ?? "" });
  }

  // The question of the address, else the one that the server has drawn, else the first without an answer.
  wanted() {
    const named = new URLSearchParams(location.search).get("q");
    const names = this.asked.map((question) => question.name);
    if (names.includes(named)) return named;
    return this.open() ?? names[0];
  }

  open() {
    return this.asked.find((question) => question.answered && !this.known.has(question.name))?.name;
  }

  show(name, { push = true } = {}) {
    const template = this.templates.get(name);
    if (!template) return;
    this.here = name;
    this.screen.replaceChildren(template.content.cloneNode(true));
    pipe(this.screen, (other) => this.words(other));
    document.dispatchEvent(new Event("drawn"));
    fill(this.form, this.known.get(name)?.value);
    this.place();
    if (push) history.pushState(null, "", `${base}?q=${encodeURIComponent(name)}`);
    scrollTo(0, 0);
    this.screen.focus();
  }

  get form() {
    return this.screen.querySelector("form");
  }

  words(name) {
    const question = this.questions.find((one) => one.name === name && one.answered);
    if (!question) return null;
    const here = this.asked.includes(question) && this.known.get(name)?.value;
    return (here && inWords(this.templates.get(name), here).slice(0, 200)) || "…";
  }

  // How far, how long still, and the way back.
  place() {
    const list = this.asked.filter((question) => question.answered);
    const all = this.asked;
    const index = all.findIndex((question) => question.name === this.here);
    const done = list.filter((question) => this.known.has(question.name)).length;
    const { dataset } = root;
    const minutes = Math.max(1, Math.round(((list.length - done) * Number(dataset.seconds)) / 60));
    const bar = root.querySelector("progress");
    Object.assign(bar, { max: list.length, value: done });
    const [count, left] = root.querySelectorAll(".progress-words span");
    count.textContent = dataset.done.replace("%d", done).replace("%s", list.length);
    left.textContent = minutes === 1 ? dataset.leftOne : dataset.leftMany.replace("%d", minutes);
    const title = dataset.title.replace("%d", index + 1).replace("%s", all.length);
    document.title = `${title} · confrère`;
    this.screen.setAttribute("aria-label", title);
    const back = this.screen.querySelector("[data-back]");
    const before = all[index - 1];
    back.hidden = !before;
    if (before) back.querySelector("a").href = `${base}?q=${encodeURIComponent(before.name)}`;
  }

  clicked(event) {
    const link = event.target.closest("[data-back] a, [data-notices] a[data-question]");
    if (link) {
      event.preventDefault();
      this.show(new URL(link.href).searchParams.get("q"));
    }
    if (event.target.closest("[data-delete]")) this.forget();
  }

  changed_soon() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.save_if_right(), PAUSE);
  }

  async save_if_right() {
    if (!this.form || !this.current?.answered) return;
    const value = read(this.form);
    if (!empty(value) && !wrong(this.form, this.current, value)) await this.save(value);
  }

  async submitted(event) {
    if (event.target !== this.form) return;
    event.preventDefault();
    clearTimeout(this.soon);
    const { current } = this;
    if (current.answered) {
      const value = read(this.form);
      const sentence = wrong(this.form, current, value);
      complain(this.form, sentence);
      if (sentence) return;
      await this.save(value);
    }
    await this.on(current);
  }

  async save(value) {
    const name = this.here;
    const before = this.known.get(name);
    if (before && same(before.value, value)) return;
    this.keep(name, value);
    this.gave = true;
    this.status.textContent = "";
    await this.sender.add({ id: crypto.randomUUID(), tab, question: name, value, seen: before?.number || "" });
    this.place();
    this.sender.flush();
  }

  // The next question; at the end the first one that was left open, else the server's page that sends.
  async on(current) {
    if (this.here !== current.name) return undefined; // they went elsewhere while the answer was being kept
    const all = this.asked;
    const after = all[all.findIndex((question) => question.name === current.name) + 1];
    const next = after?.name ?? this.open();
    if (next) return this.show(next);
    this.here = null;
    this.screen.replaceChildren(this.parts.get("end").content.cloneNode(true));
    this.screen.focus();
    return this.sender.flush();
  }

  // What the sender tells

  saved(row, reply) {
    if (same(this.known.get(row.question)?.value, row.value)) {
      this.known.set(row.question, { value: row.value, number: reply.number });
    }
    if (reply.crossed) this.notice("crossed", reply.crossed, row.question);
  }

  refused(row, sentence) {
    this.known.delete(row.question);
    this.notice("refused", sentence, row.question);
  }

  signedOut() {
    this.notice("signed-out", "").querySelector("a").href = location.href;
  }

  ended(sentence, rows) {
    const list = this.notice("ended", sentence).querySelector("ul");
    for (const row of rows) {
      const item = document.createElement("li");
      const template = this.templates.get(row.question);
      const asked = template?.content.querySelector("legend, label")?.childNodes[0].textContent.trim() ?? row.question;
      item.textContent = `${asked}: ${template ? inWords(template, row.value) : row.value}`;
      list.append(item);
    }
  }

  changed(count, reached) {
    const { dataset } = root;
    const kept = count === 1 ? dataset.keptOne : dataset.keptMany.replace("%d", count);
    if (this.gave) this.status.textContent = reached ? dataset.saved : kept; // nothing is called saved before it is
    root.querySelector("[data-waiting]").textContent = count;
    this.status.classList.toggle("waits", !reached);
    if (reached && !this.here) location.assign(base);
  }

  // One notice of each kind and question; the older one gives way.
  notice(part, sentence, question = "") {
    const made = this.parts.get(part).content.firstElementChild.cloneNode(true);
    made.dataset.about = `${part} ${question}`;
    for (const old of this.notices.children) if (old.dataset.about === made.dataset.about) old.remove();
    made.querySelector("[data-sentence]").textContent = sentence;
    const link = made.querySelector("a[data-question]");
    if (link) link.href = `${base}?q=${encodeURIComponent(question)}`;
    this.notices.append(made);
    return made;
  }

  async forget() {
    const rows = await waiting.all(this.sender.db, this.sender.survey);
    await waiting.remove(this.sender.db, rows.map((row) => row.seq));
    location.reload();
  }
}

// The blank screens: those of this page when it was opened without a connection, else the server's.
async function sheet(survey) {
  if (root.dataset.answering === "sheet") return document;
  const reply = await fetch(`${base}sheet/`, { redirect: "manual" });
  if (!reply.ok) throw new Error("no sheet");
  if (base.startsWith("/a/")) await keep(reply.clone(), survey).catch(() => {});
  return new DOMParser().parseFromString(await reply.text(), "text/html");
}

// For the service worker: the blank screens, and the files that draw them.
async function keep(reply, survey) {
  if (!navigator.serviceWorker) return;
  const kept = await caches.open("confrere-surveys");
  await kept.put(`/a/kept/${survey}`, new Response(await reply.blob(), { headers: reply.headers }));
  const files = root.dataset.files.split(" ");
  await Promise.all(files.map(async (file) => (await kept.match(file)) ?? kept.add(file)));
  await navigator.serviceWorker.register("/a/worker.js", { scope: "/a/" });
}

async function begin() {
  const survey = await waiting.digest(base);
  const db = await waiting.open();
  await new Survey(await sheet(survey), db, survey).begin();
  root.dataset.ready = "yes";
}

if (root && isSecureContext && "indexedDB" in globalThis && navigator.locks && crypto.subtle) {
  begin().catch(() => {}); // the forms as the server drew them stay, and work
}
