// Words of distress while typing: shows at once where help answers. Nothing is sent, kept or held back.
const lines = document.querySelector("#lines");
if (lines) {
  const phrases = JSON.parse(lines.dataset.phrases);
  const plain = (text) => text.toLowerCase().replaceAll(/[’‘ʼ`´]/g, "'").replaceAll(/\s+/g, " ");
  document.addEventListener("input", () => {
    const typed = [...document.querySelectorAll("textarea, input[type=text]")].map((one) => plain(one.value));
    lines.hidden = !phrases.some((phrase) => typed.some((text) => text.includes(phrase)));
  });
}
