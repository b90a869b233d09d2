// The second number is made here and shown to its owner; the server receives its hash alone.
const TAG = "confrere/second-contribution/1\0";
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const make = document.getElementById("make");

const promise = async () => {
  const second = crypto.getRandomValues(new Uint8Array(32));
  const tag = new TextEncoder().encode(TAG);
  const message = new Uint8Array([...tag, ...second]);
  document.getElementById("number").textContent = hex(second);
  document.getElementById("made").hidden = false;
  document.getElementById("commitment").value = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", message)));
};

if (make) {
  make.hidden = false;
  make.addEventListener("click", promise);
}
