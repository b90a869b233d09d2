// What turns a workbook into ciphertext and back: octets in, octets out. No network, no page, nothing is stored.
// docs/explanation/workbook.md says what each piece is for.
const STEP = 4096; // text is padded to whole steps
const NONCE = 12;
const SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"; // 31, a prime, so that every slip in a group changes its last sign
const GROUPS = 7;
const utf8 = (text) => new TextEncoder().encode(text);
const random = (many) => crypto.getRandomValues(new Uint8Array(many));

export const toText = (octets) => btoa(Array.from(octets, (octet) => String.fromCharCode(octet)).join(""));
export const fromText = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const joined = (...parts) => new Uint8Array(parts.flatMap((part) => [...part]));

// The recovery code: seven groups of four random signs (138 bits) and one that checks them and their place.
const check = (values, group) => values.reduce((sum, value, at) => sum + (at + 1) * value, 5 * group) % SIGNS.length;

function sign() {
  for (;;) {
    const [octet] = random(1);
    if (octet < 248) return octet % SIGNS.length; // 248 = 8 × 31: every sign is as likely
  }
}

export function makeCode() {
  return Array.from({ length: GROUPS }, (_, group) => {
    const values = Array.from({ length: 4 }, sign);
    return [...values, check(values, group)].map((value) => SIGNS[value]).join("");
  });
}

export class Slip extends Error {
  constructor(kind, where) {
    super(kind);
    this.kind = kind;
    this.where = where;
  }
}

export function readCode(typed) {
  const signs = typed.toUpperCase().replace(/[\s.–-]/g, "");
  const groups = signs.match(/.{1,5}/g) ?? [];
  groups.forEach((group, at) => {
    const values = [...group].map((each) => SIGNS.indexOf(each));
    const whole = values.length === 5 && values[4] === check(values.slice(0, 4), at);
    if (values.includes(-1) || (values.length === 5 && !whole)) throw new Slip("wrongGroup", at + 1);
  });
  if (signs.length !== GROUPS * 5) throw new Slip("wrongLength", signs.length);
  return utf8(groups.map((group) => group.slice(0, 4)).join(""));
}

// Both locks together: HKDF-SHA256 over the client's secret and the server's share, salted with the workbook's number.
async function derived(secret, salt, info, usages) {
  const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: utf8(salt), info: utf8(info) };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, usages);
}

export const lockKey = (secret, share, number, kind) =>
  derived(joined(secret, share), number, `confrere workbook ${kind} 1`, ["wrapKey", "unwrapKey"]);

export const newKey = () => crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);

const gcm = (iv, said) => ({ name: "AES-GCM", iv, additionalData: utf8(said) });

export async function wrap(key, under, number, kind) {
  const iv = random(NONCE);
  const wrapped = await crypto.subtle.wrapKey("raw", key, under, gcm(iv, `${number} ${kind}`));
  return joined(iv, new Uint8Array(wrapped));
}

export const unwrap = (wrapped, under, number, kind, extractable = false) =>
  crypto.subtle.unwrapKey(
    "raw", wrapped.slice(NONCE), under, gcm(wrapped.slice(0, NONCE), `${number} ${kind}`),
    "AES-GCM", extractable, ["encrypt", "decrypt"],
  );

function padded(content) {
  const clear = utf8(JSON.stringify(content));
  const whole = new Uint8Array(Math.ceil((clear.length + 4) / STEP) * STEP);
  new DataView(whole.buffer).setUint32(0, clear.length);
  whole.set(clear, 4);
  return whole;
}

function unpadded(whole) {
  const length = new DataView(whole.buffer).getUint32(0);
  return JSON.parse(new TextDecoder().decode(whole.subarray(4, 4 + length)));
}

// The number and the version are bound in: another workbook, or another version of this one, does not open as this one.
export async function seal(key, said, content) {
  const iv = random(NONCE);
  return joined(iv, new Uint8Array(await crypto.subtle.encrypt(gcm(iv, said), key, padded(content))));
}

export async function unseal(key, said, sealed) {
  const clear = await crypto.subtle.decrypt(gcm(sealed.slice(0, NONCE), said), key, sealed.slice(NONCE));
  return unpadded(new Uint8Array(clear));
}

// Shown on another device: a key pair for one time, whose public half is known by six digits.
const CURVE = "X25519";
export const newPair = () => crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
export const rawPublic = async (pair) => new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));

export async function sixDigits(key) {
  const digest = await crypto.subtle.digest("SHA-256", joined(utf8("confrere digits"), key));
  return String(new DataView(digest).getUint32(0) % 1_000_000).padStart(6, "0");
}

async function agreed(pair, theirs, salt) {
  const other = await crypto.subtle.importKey("raw", theirs, CURVE, false, []);
  const bits = await crypto.subtle.deriveBits({ name: CURVE, public: other }, pair.privateKey, 256);
  return derived(new Uint8Array(bits), salt, "confrere showing 1", ["encrypt", "decrypt"]);
}

export async function sealFor(theirs, content) {
  const pair = await newPair();
  const ours = await rawPublic(pair);
  const key = await agreed(pair, theirs, toText(ours) + toText(theirs));
  return joined(ours, await seal(key, "showing", content));
}

export async function unsealShown(pair, sealed) {
  const theirs = sealed.slice(0, 32);
  const key = await agreed(pair, theirs, toText(theirs) + toText(await rawPublic(pair)));
  return unseal(key, "showing", sealed.slice(32));
}
