// One question on the screen: what stands in its form, whether that fits, and earlier answers in its words.
export function read(form) {
  const boxes = form.querySelectorAll("input[type=checkbox]");
  if (boxes.length) return [...boxes].filter((box) => box.checked).map((box) => box.value);
  const radio = form.querySelector("input[type=radio]");
  if (radio) return form.querySelector("input[type=radio]:checked")?.value ?? "";
  return form.elements.value?.value.trim() ?? "";
}

export function fill(form, value) {
  const codes = (Array.isArray(value) ? value : [value ?? ""]).map(String);
  for (const input of form.querySelectorAll("input[type=checkbox], input[type=radio]")) {
    input.checked = codes.includes(input.value);
  }
  const typed = form.querySelector("textarea, input:not([type=checkbox], [type=radio], [type=range], [type=hidden])");
  if (!typed) return;
  typed.value = codes.join(", ");
  typed.dispatchEvent(new Event("input", { bubbles: true }));
}

export const empty = (value) => value === null || value === undefined || value === "" || value.length === 0;
export const same = (one, other) => JSON.stringify(plain(one)) === JSON.stringify(plain(other));

// As a form would say it: a number from the server is the text that was typed, nothing is an empty text.
function plain(value) {
  if (empty(value)) return "";
  return Array.isArray(value) ? value.map(String).sort() : String(value);
}

// What is wrong with the answer, in a sentence that the server has written; "" if nothing is.
export function wrong(form, question, value) {
  if (empty(value)) return question.needed ? form.dataset.needed : "";
  const typed = form.querySelector("input[type=number], input[type=date]");
  if (!typed) return "";
  const broken = typed.validity;
  const far = broken.badInput || broken.rangeUnderflow || broken.rangeOverflow || broken.stepMismatch;
  return far ? typed.dataset.wanted : "";
}

export function complain(form, sentence) {
  form.querySelector(".error")?.remove();
  const field = form.querySelector("fieldset, input:not([type=hidden]), textarea");
  field.toggleAttribute("aria-invalid", false);
  if (!sentence) return;
  const line = document.createElement("p");
  line.className = "error";
  line.id = "id_value_error";
  line.textContent = sentence;
  const place = form.querySelector("fieldset ul, .field");
  if (place.matches("ul")) place.before(line);
  else place.append(line);
  if (!field.matches("fieldset")) field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", line.id);
  field.focus();
}

// An answer as a person reads it: the labels of what was chosen, else what was typed.
export function inWords(template, value) {
  if (empty(value)) return "";
  return (Array.isArray(value) ? value : [value]).map((code) => label(template, String(code))).join(", ");
}

function label(template, code) {
  const chosen = [...template.content.querySelectorAll("input[type=checkbox], input[type=radio]")].find(
    (input) => input.value === code,
  );
  return chosen?.closest("label").textContent.trim() ?? code;
}

// `[name]` in the words of a screen becomes the earlier answer: text only, never markup.
export function pipe(screen, words) {
  const walker = document.createTreeWalker(screen, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.data.includes("[")) node.data = node.data.replace(/\[([A-Za-z]\w*)\]/g, (found, name) => words(name) ?? found);
  }
}
