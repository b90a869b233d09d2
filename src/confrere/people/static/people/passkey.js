// Makes or uses a passkey when its form is sent. The form shows itself only where the browser can do it.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const withBytes = (named) => (named ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function options(form) {
  if (!form.dataset.options) return JSON.parse(document.getElementById("passkey-options").textContent).publicKey;
  const answer = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.statusText);
  return (await answer.json()).request_options.publicKey;
}

async function create(wanted) {
  const publicKey = {
    ...wanted,
    challenge: bytes(wanted.challenge),
    user: { ...wanted.user, id: bytes(wanted.user.id) },
    excludeCredentials: withBytes(wanted.excludeCredentials),
    extensions: { ...wanted.extensions, prf: {} }, // so that it can also open a workbook, where the device can do that
  };
  const made = await navigator.credentials.create({ publicKey });
  return [made, { attestationObject: text(made.response.attestationObject) }];
}

async function get(wanted) {
  const publicKey = {
    ...wanted,
    challenge: bytes(wanted.challenge),
    allowCredentials: withBytes(wanted.allowCredentials),
  };
  const used = await navigator.credentials.get({ publicKey });
  const { authenticatorData, signature, userHandle } = used.response;
  const answer = { authenticatorData: text(authenticatorData), signature: text(signature) };
  return [used, userHandle ? { ...answer, userHandle: text(userHandle) } : answer];
}

async function send(form) {
  const act = form.dataset.passkey === "create" ? create : get;
  const [key, answer] = await act(await options(form));
  form.elements.credential.value = JSON.stringify({
    id: key.id,
    rawId: text(key.rawId),
    type: key.type,
    response: { clientDataJSON: text(key.response.clientDataJSON), ...answer },
    clientExtensionResults: key.getClientExtensionResults(),
  });
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  const trouble = form.querySelector("[data-trouble]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    trouble.textContent = "";
    send(form).catch(() => { trouble.textContent = trouble.dataset.trouble; });
  });
}
