// The way to the server and to the passkey. Only ciphertext, locked keys and proofs are sent; the passkey's secret stays.
import { fromText, lockKey, newKey, seal, toText, unseal, unwrap, wrap } from "./workbook_sealing.js";

const page = document.querySelector("[data-workbook]");
const words = JSON.parse(document.getElementById("workbook-words").textContent);

export class Told extends Error {
  constructor(sentence, status = 0) {
    super(sentence);
    this.status = status;
  }
}

export async function send(act, body) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": page.querySelector("[name=csrfmiddlewaretoken]").value };
  const asked = { method: "POST", headers, body: JSON.stringify(body), credentials: "same-origin", cache: "no-store" };
  const answer = await fetch(page.dataset[act], asked).catch(() => null);
  const said = answer && !answer.redirected ? await answer.json().catch(() => null) : null;
  if (!said) throw new Told(words.signedOut);
  if (!answer.ok) throw new Told(said.sentence, answer.status);
  return said;
}

const url = (octets) => toText(octets).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const fromUrl = (text) => fromText(text.replaceAll("-", "+").replaceAll("_", "/"));

// One touch proves who it is (sent) and gives the secret of this passkey for workbooks (kept). null: it has none.
export async function touch() {
  const { options } = await send("ask", {});
  if (!options.challenge) throw new Told(words.noPasskey);
  const publicKey = {
    ...options,
    challenge: fromUrl(options.challenge),
    allowCredentials: (options.allowCredentials ?? []).map((one) => ({ ...one, id: fromUrl(one.id) })),
    userVerification: "required",
    extensions: { prf: { eval: { first: new TextEncoder().encode("confrere workbook 1") } } },
  };
  const used = await navigator.credentials.get({ publicKey }).catch(() => { throw new Told(words.noPasskey); });
  const { clientDataJSON, authenticatorData, signature, userHandle } = used.response;
  const response = {
    clientDataJSON: url(new Uint8Array(clientDataJSON)),
    authenticatorData: url(new Uint8Array(authenticatorData)),
    signature: url(new Uint8Array(signature)),
    ...(userHandle && { userHandle: url(new Uint8Array(userHandle)) }),
  };
  const secret = used.getClientExtensionResults().prf?.results?.first;
  const proof = { id: used.id, rawId: used.id, type: used.type, response, clientExtensionResults: {} };
  return { proof, credential: used.id, secret: secret ? new Uint8Array(secret) : null };
}

// An open workbook: its key lives here, in memory, and nowhere else.
export class Workbook {
  static async unlocked(proof) {
    const given = await send("unlock", proof ? { passkey: proof } : {});
    return new Workbook(given, fromText(given.share));
  }

  constructor(given, share) {
    Object.assign(this, { number: given.number, version: given.version, newest: given.newest, ways: given.ways, share });
    this.sealed = fromText(given.sealed);
  }

  way(kind, credential = "") {
    return this.ways.find((way) => way.kind === kind && way.credential === credential);
  }

  async open(kind, secret, credential = "") {
    if (this.version < this.newest && !this.acceptOlder) throw new Told(`${words.older} ${this.newest}, ${this.version}`);
    const { wrapped } = this.way(kind, credential);
    this.under = { kind, wrapped: fromText(wrapped), key: await lockKey(secret, this.share, this.number, kind) };
    try {
      this.key = await unwrap(this.under.wrapped, this.under.key, this.number, kind);
    } catch {
      throw new Told(kind === "code" ? words.wrongCode : words.altered);
    }
    try {
      return await unseal(this.key, `${this.number} ${this.version}`, this.sealed);
    } catch {
      throw new Told(words.altered);
    }
  }

  async begin(secrets, content) {
    const key = await newKey();
    const ways = [];
    for (const { kind, secret, credential = "" } of secrets) {
      const under = await lockKey(secret, this.share, this.number, kind);
      const wrapped = await wrap(key, under, this.number, kind);
      ways.push({ kind, credential, wrapped: toText(wrapped) });
      this.under = { kind, wrapped, key: under };
    }
    this.key = key;
    this.first = ways;
    await this.save(content);
    this.ways = ways;
    this.key = await unwrap(this.under.wrapped, this.under.key, this.number, this.under.kind);
  }

  async save(content) {
    const version = Math.max(this.version, this.newest) + 1;
    const sealed = toText(await seal(this.key, `${this.number} ${version}`, content));
    await send("save", { number: this.number, version, sealed, ways: this.first ?? [] });
    this.version = version;
    this.first = undefined;
  }

  // Another passkey, or a new recovery code, in the place of the one that had its name.
  async add(kind, secret, credential = "", proof = undefined) {
    const { wrapped, key } = this.under;
    const whole = await unwrap(wrapped, key, this.number, this.under.kind, true);
    const under = await lockKey(secret, this.share, this.number, kind);
    const locked = await wrap(whole, under, this.number, kind);
    await send("lock", { number: this.number, kind, credential, wrapped: toText(locked), passkey: proof });
    this.ways = [...this.ways.filter((way) => way.kind !== kind || way.credential !== credential), { kind, credential, wrapped: toText(locked) }];
  }
}
