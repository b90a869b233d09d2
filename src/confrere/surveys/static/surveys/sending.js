// Answers on their way to the server: one after the other, in the order in which they were given, each until it is
// acknowledged. The server knows each by its key, so one that is sent twice is saved once.
import * as waiting from "./waiting.js";

const PATIENCE = 20_000;
const PAUSES = [2_000, 4_000, 8_000, 15_000, 30_000];

// What a reply means: "saved", "refused" (this one answer), "ended" (no answer is taken any more), "signed-out",
// "stale" (the form's own token is too old), or "away" (nobody there, or too busy).
function meaning(reply) {
  if (reply.type === "opaqueredirect" || reply.status === 401) return "signed-out";
  if (reply.ok) return "saved";
  if (reply.status === 422) return "refused";
  if (reply.status === 403) return "stale";
  return reply.status >= 500 || reply.status === 429 || reply.status === 408 ? "away" : "ended";
}

export class Sender {
  // told: saved(row, reply), refused(row, sentence), ended(sentence, rows), signedOut(), changed(count, reached).
  constructor({ db, base, survey, told }) {
    Object.assign(this, { db, base, survey, told });
    this.csrf = "";
    this.refused = new Set();
    this.newest = new Map();
    this.failures = 0;
    this.over = false;
    addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => document.hidden || this.flush());
  }

  async add(answer) {
    const rows = await waiting.all(this.db, this.survey);
    const given_up = rows.filter((row) => this.refused.has(row.seq) && row.question === answer.question);
    await waiting.put(this.db, this.survey, answer);
    await waiting.remove(this.db, given_up.map((row) => row.seq));
  }

  // Everything that waits is sent by one tab at a time; a call during the sending starts another round after it.
  flush() {
    this.again = true;
    clearTimeout(this.timer);
    this.running ??= navigator.locks
      .request(`confrere-answers-${this.survey}`, async () => {
        while (this.again && !this.over) {
          this.again = false;
          await this.drain();
        }
      })
      .finally(() => {
        this.running = null;
      });
    return this.running;
  }

  async drain() {
    for (;;) {
      const rows = (await waiting.all(this.db, this.survey)).filter((row) => !this.refused.has(row.seq));
      if (!rows.length) return this.told.changed(0, true);
      const [what, reply] = await this.reached(rows[0]);
      if (what === "saved") await this.saved(rows[0], reply);
      else if (what === "refused") this.give_up(rows[0], reply.sentence);
      else return this.stopped(what, reply, rows);
    }
  }

  async saved(row, reply) {
    this.failures = 0;
    await waiting.remove(this.db, [row.seq]);
    this.newest.set(row.question, { tab: row.tab, number: reply.number });
    this.told.saved(row, reply);
  }

  give_up(row, sentence) {
    this.refused.add(row.seq);
    this.told.refused(row, sentence);
  }

  stopped(what, reply, rows) {
    this.told.changed(rows.length, false);
    if (what === "away") {
      const pause = PAUSES[Math.min(this.failures++, PAUSES.length - 1)];
      this.timer = setTimeout(() => this.flush(), pause);
    } else if (what === "ended") {
      this.over = true;
      this.told.ended(reply.sentence, rows);
    } else this.told.signedOut();
  }

  // A stale token is renewed once; what is refused then is a page that somebody else has to open.
  async reached(row) {
    try {
      if (!this.csrf) await this.state();
      let reply = await this.post(row);
      if (meaning(reply) === "stale") {
        await this.state();
        reply = await this.post(row);
      }
      const what = meaning(reply);
      return [what === "stale" ? "signed-out" : what, what === "signed-out" ? {} : await reply.json().catch(() => ({}))];
    } catch {
      return ["away", {}];
    }
  }

  post(row) {
    const newest = this.newest.get(row.question);
    const body = new URLSearchParams({ key: row.id, seen: (newest?.tab === row.tab && newest.number) || row.seen || "" });
    for (const value of [row.value].flat()) body.append("value", value);
    return fetch(`${this.base}?q=${encodeURIComponent(row.question)}`, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": this.csrf },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
  }

  // What the server has: the newest answers, and a fresh token for the next ones.
  async state() {
    const reply = await fetch(`${this.base}state/`, {
      headers: { Accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (!reply.ok) return null;
    const state = await reply.json();
    this.csrf = state.csrf;
    return state;
  }
}
