// Checks a published allocation record, entry by entry, as `confrere verify` does: form, chain, commitment, draws.
// Pure but for WebCrypto: no page, no network. The mathematics stands in docs/methods/allocation.md.

const FORMAT = "confrere-allocation-record";
const HEAD = ["format", "version", "mode", "protocol_sha256", "scheme", "arms", "commitment", "simulated"];
const BATCH = ["second_contribution", "roster_root"];
const ENTRY = ["counter", "stratum", "leaf", "arm", "link"];
const MOST = 1000;
const CHUNK = 512;
const WORD = 1n << 64n;
const text = new TextEncoder();

class Broken extends Error {
  constructor(code, entry = null, values = {}) {
    super(code);
    Object.assign(this, { code, entry, values });
  }
}

// Verdict: { verified, entries, first (from 1, or null), code (null when verified), values }.
export async function verifyRecord(data, progress = () => {}) {
  let entries = 0;
  try {
    const record = read(data);
    entries = record.entries.length;
    await checkChain(record, progress);
    if (record.key === null) throw new Broken("sealed");
    await checkKey(record);
    const secret = await hmacKey(bytes(record.key));
    await (record.mode === "batch" ? checkBatch : checkRolling)(record, secret, progress);
    return { verified: true, entries, first: null, code: null, values: {} };
  } catch (problem) {
    if (!(problem instanceof Broken)) throw problem;
    return { verified: false, entries, first: problem.entry, code: problem.code, values: problem.values };
  }
}

// The line (from 1) of a participant's receipt in a record that was verified; null where it has none.
export async function findReceipt(record, receipt) {
  const texts = isObject(receipt) ? [receipt.nonce, receipt.study_id, receipt.stratum] : [];
  if (texts.length !== 3 || !texts.every(isText) || !/^[0-9a-f]{32}$/.test(receipt.nonce)) return null;
  const leaf = await digest(["confrere/allocation-leaf/1", ...texts]);
  const at = record.entries.findIndex((entry) => entry.leaf === leaf && entry.arm === receipt.arm);
  return at < 0 ? null : at + 1;
}

// --- form

const isText = (value) => typeof value === "string";
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isHex = (value) => isText(value) && /^[0-9a-f]{64}$/.test(value);
const isCount = (value) => Number.isInteger(value) && value >= 1 && value <= MOST;
const exactly = (object, keys) =>
  isObject(object) && Object.keys(object).length === keys.length && keys.every((key) => Object.hasOwn(object, key));

function read(data) {
  if (!isObject(data) || data.format !== FORMAT || data.version !== 1) throw new Broken("form");
  const keys = [...HEAD, ...(data.mode === "batch" ? BATCH : []), "key", "entries", "last_link"];
  const sound =
    exactly(data, keys) &&
    ["rolling", "batch"].includes(data.mode) &&
    typeof data.simulated === "boolean" &&
    [data.protocol_sha256, data.commitment, data.last_link].every(isHex) &&
    (data.mode === "rolling" || (isHex(data.roster_root) && isText(data.second_contribution))) &&
    (data.key === null || isHex(data.key)) &&
    Array.isArray(data.entries) &&
    soundArms(data.arms) &&
    soundScheme(data.scheme, data.arms) &&
    (data.mode === "rolling" || data.scheme.name !== "minimisation");
  if (!sound) throw new Broken("form");
  data.entries.forEach((entry, index) => {
    const whole = exactly(entry, ENTRY) && Number.isInteger(entry.counter) && isHex(entry.leaf);
    if (!whole || ![entry.stratum, entry.arm, entry.link].every(isText)) throw new Broken("form", index + 1);
  });
  return data;
}

function soundArms(arms) {
  if (!Array.isArray(arms) || arms.length < 2) return false;
  const whole = arms.every((arm) => exactly(arm, ["name", "ratio"]) && isText(arm.name) && isCount(arm.ratio));
  return whole && new Set(arms.map((arm) => arm.name)).size === arms.length;
}

function soundScheme(scheme, arms) {
  if (!isObject(scheme)) return false;
  if (scheme.name === "simple") return exactly(scheme, ["name"]);
  if (scheme.name === "big-stick") return exactly(scheme, ["name", "mti"]) && Number.isInteger(scheme.mti) && scheme.mti >= 1;
  const unit = arms.reduce((sum, arm) => sum + arm.ratio, 0);
  if (scheme.name === "minimisation") {
    const whole = exactly(scheme, ["name", "percent", "measure"]) && ["range", "variance"].includes(scheme.measure);
    return whole && Number.isInteger(scheme.percent) && scheme.percent < 100 && lots(scheme, arms)[0] >= 1;
  }
  return (
    scheme.name === "permuted-blocks" &&
    exactly(scheme, ["name", "sizes"]) &&
    Array.isArray(scheme.sizes) &&
    scheme.sizes.length > 0 &&
    scheme.sizes.every((size) => isCount(size) && size % unit === 0)
  );
}

// --- hashes

const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
const bytes = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const sha256 = async (message) => hex(await crypto.subtle.digest("SHA-256", message));
const hmacKey = (raw) => crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);

// Sorted keys, no spaces, and every sign beyond ASCII escaped: the bytes that Python's json.dumps writes.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (isObject(value)) {
    const pairs = Object.keys(value).sort().map((key) => `${canonical(key)}:${canonical(value[key])}`);
    return `{${pairs.join(",")}}`;
  }
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const digest = (value) => sha256(text.encode(canonical(value)));

async function inChunks(entries, progress, made, check) {
  for (let start = 0; start < entries.length; start += CHUNK) {
    const chunk = entries.slice(start, start + CHUNK);
    const found = await Promise.all(chunk.map((entry, index) => made(entry, start + index)));
    found.forEach((value, index) => check(chunk[index], start + index, value));
    progress(Math.min(start + CHUNK, entries.length), entries.length);
  }
}

async function checkChain(record, progress) {
  const keys = record.mode === "batch" ? [...HEAD, ...BATCH] : HEAD;
  const head = await digest(Object.fromEntries(keys.map((key) => [key, record[key]])));
  const before = (index) => (index === 0 ? head : record.entries[index - 1].link);
  // As long as no link has failed, the link that is given is the one that was made.
  const made = ({ link: _, ...entry }, index) => digest({ before: before(index), entry });
  await inChunks(record.entries, progress, made, (entry, index, link) => {
    if (entry.link !== link) throw new Broken("link", index + 1);
  });
  if (record.last_link !== before(record.entries.length)) throw new Broken("last_link");
}

async function checkKey(record) {
  const key = bytes(record.key);
  const steps = new Set(Array.from(key.slice(1), (byte, index) => (byte - key[index] + 256) % 256));
  const typed =
    new Set(key).size < 12 || steps.size === 1 || /^0{16}|0{16}$/.test(record.key) || key.every((b) => b >= 32 && b < 127);
  const tag = text.encode("confrere/allocation-key/1\0");
  if (typed || (await sha256(new Uint8Array([...tag, ...key]))) !== record.commitment) throw new Broken("key");
}

// --- draws

// Numbered 64-bit words of HMAC-SHA256 over a context; `below` throws away those at the uneven top.
function stream(secret, ...context) {
  let number = 0;
  return async (limit) => {
    const fair = WORD - (WORD % BigInt(limit));
    for (;;) {
      const message = text.encode(canonical(["confrere/allocation/1", ...context, number++]));
      const word = new DataView(await crypto.subtle.sign("HMAC", secret, message)).getBigUint64(0);
      if (word < fair) return Number(word % BigInt(limit));
    }
  };
}

async function shuffled(things, below) {
  const order = [...things];
  for (let last = order.length - 1; last > 0; last--) {
    const other = await below(last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

const tickets = (arms, times = 1) => arms.flatMap((arm) => Array(arm.ratio * times).fill(arm.name));

function allowed(record, tally) {
  if (record.scheme.name === "simple") return record.arms;
  const mti = record.scheme.mti;
  const given = (arm) => tally.get(arm.name) ?? 0;
  return record.arms.filter((arm) =>
    record.arms.every((other) =>
      other === arm || (given(arm) + 1) * other.ratio - given(other) * arm.ratio <= mti * arm.ratio * other.ratio));
}

// Minimisation. In the first of so many lots only the best arms may come, in the others every arm, by its ratio.
function lots(scheme, arms) {
  const unit = arms.reduce((sum, arm) => sum + arm.ratio, 0);
  const every = 100 * (unit - Math.min(...arms.map((arm) => arm.ratio)));
  return [every - (100 - scheme.percent) * unit, every];
}

const levels = (stratum) => stratum.split(";").map((level, factor) => `${factor};${level}`);

// The arms that would leave the smallest sum of imbalances over the factors. Whole numbers: no rounding breaks a tie.
function best(record, margins, stratum) {
  const shared = record.arms.reduce((product, arm) => product * BigInt(arm.ratio), 1n);
  const left = record.arms.map((given) =>
    levels(stratum).reduce((sum, level) => {
      const counts = record.arms.map((arm) => {
        const before = margins.get(level)?.get(arm.name) ?? 0;
        return (BigInt(before + (arm === given ? 1 : 0)) * shared) / BigInt(arm.ratio);
      });
      return sum + imbalance(counts, record.scheme.measure);
    }, 0n));
  const smallest = left.reduce((least, value) => (value < least ? value : least));
  return record.arms.filter((_, index) => left[index] === smallest);
}

function imbalance(counts, measure) {
  if (measure === "range") {
    return counts.reduce((a, b) => (b > a ? b : a)) - counts.reduce((a, b) => (b < a ? b : a));
  }
  const sum = counts.reduce((a, b) => a + b);
  return BigInt(counts.length) * counts.reduce((a, b) => a + b * b, 0n) - sum * sum;
}

function count(margins, stratum, arm) {
  for (const level of levels(stratum)) {
    const given = margins.get(level) ?? new Map();
    margins.set(level, given.set(arm, (given.get(arm) ?? 0) + 1));
  }
}

async function checkRolling(record, secret, progress) {
  const strata = new Map();
  const leaves = new Set();
  const seen = new Map();
  const margins = new Map();
  const { protocol_sha256: protocol, scheme, arms } = record;
  const unit = arms.reduce((sum, arm) => sum + arm.ratio, 0);
  const blocks = async (stratum, state, position) => {
    while (position >= state.end) {
      const below = stream(secret, protocol, stratum, "block", state.number++);
      const size = scheme.sizes[await below(scheme.sizes.length)];
      state.given = [...state.given, ...(await shuffled(tickets(arms, size / unit), below))];
      state.end += size;
    }
    return state.given[position];
  };
  // What each draw needs of those before it is counted first, so that a chunk's draws can be made at once.
  const context = record.entries.map((entry) => {
    const state = strata.get(entry.stratum) ?? { count: 0, tally: new Map(), blocks: { end: 0, number: 0, given: [] } };
    strata.set(entry.stratum, state);
    const known = { position: state.count, blocks: state.blocks, again: leaves.has(entry.leaf) };
    if (scheme.name === "minimisation") {
      known.choice = tickets(arms);
      known.best = tickets(best(record, margins, entry.stratum));
      count(margins, entry.stratum, entry.arm);
    } else {
      known.choice = scheme.name === "permuted-blocks" ? null : tickets(allowed(record, state.tally));
    }
    leaves.add(entry.leaf);
    state.count += 1;
    state.tally.set(entry.arm, (state.tally.get(entry.arm) ?? 0) + 1);
    return known;
  });
  const draw = async (entry, index) => {
    const { position, choice, best: first, blocks: state } = context[index];
    if (choice === null) {
      // Blocks of one stratum are made in turn, never twice.
      const made = (seen.get(entry.stratum) ?? Promise.resolve()).then(() => blocks(entry.stratum, state, position));
      seen.set(entry.stratum, made);
      return made;
    }
    if (first) {
      const below = stream(secret, protocol, entry.stratum, position);
      const [held, every] = lots(scheme, arms);
      const among = (await below(every)) < held ? first : choice;
      return among[await below(among.length)];
    }
    return choice.length ? choice[await stream(secret, protocol, entry.stratum, position)(choice.length)] : null;
  };
  await inChunks(record.entries, progress, draw, (entry, index, arm) => {
    const { position, again } = context[index];
    if (entry.counter !== position) throw new Broken("counter", index + 1, { is: entry.counter, next: position });
    if (again) throw new Broken("again", index + 1);
    if (entry.arm !== arm) throw new Broken("draw", index + 1, { drawn: arm, printed: entry.arm });
  });
}

async function checkBatch(record, secret, progress) {
  const leaves = record.entries.map((entry) => entry.leaf).sort();
  if (!leaves.length || (await merkle(leaves)) !== record.roster_root) throw new Broken("roster");
  if (!/^([0-9a-f]{2}){16,}$/i.test(record.second_contribution)) throw new Broken("second");
  if (new Set(leaves).size < leaves.length) throw new Broken("roster");
  const second = record.second_contribution.toLowerCase();
  const message = text.encode(`${second}|${record.roster_root}|${record.protocol_sha256}`);
  const seed = await hmacKey(await crypto.subtle.sign("HMAC", secret, message));
  const drawn = new Map();
  for (const stratum of new Set(record.entries.map((entry) => entry.stratum))) {
    const below = stream(seed, "batch", stratum);
    const own = record.entries.filter((entry) => entry.stratum === stratum).map((entry) => entry.leaf).sort();
    const unit = tickets(record.arms);
    const whole = Array(Math.floor(own.length / unit.length)).fill(unit).flat();
    const given = [...whole, ...(await shuffled(unit, below)).slice(0, own.length % unit.length)];
    (await shuffled(own, below)).forEach((leaf, index) => drawn.set(leaf, given[index]));
  }
  const counts = new Map();
  record.entries.forEach((entry, index) => {
    const next = counts.get(entry.stratum) ?? 0;
    counts.set(entry.stratum, next + 1);
    if (entry.counter !== next) throw new Broken("counter", index + 1, { is: entry.counter, next });
    const arm = drawn.get(entry.leaf);
    if (entry.arm !== arm) throw new Broken("draw", index + 1, { drawn: arm, printed: entry.arm });
  });
  progress(record.entries.length, record.entries.length);
}

async function merkle(leaves) {
  let level = leaves;
  while (level.length > 1) {
    const above = [];
    for (let at = 0; at < level.length; at += 2) {
      const pair = text.encode(`confrere/allocation-node/1\0${level[at]}${level[at + 1] ?? ""}`);
      above.push(at + 1 < level.length ? await sha256(pair) : level[at]);
    }
    level = above;
  }
  return level[0];
}
