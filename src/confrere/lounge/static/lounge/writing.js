/** What is typed is kept on the server as a draft, and questions like it are shown beside the title. */

const SETTLED = 1200; // milliseconds without a key

for (const form of document.querySelectorAll("form[data-draft]")) keepDraft(form);

/** Send the form's words some time after the last key, one request at a time. */
function keepDraft(form) {
  const state = form.querySelector("[data-draft-state]");
  let timer = 0;
  let sending = Promise.resolve();
  form.addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      sending = sending.then(() => save(form, state));
      if (event.target.name === "title") showAlike(form, event.target.value);
    }, SETTLED);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
}

async function save(form, state) {
  const body = new FormData(form);
  if (form.dataset.question) body.set("question", form.dataset.question);
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body });
    state.textContent = answer.ok ? form.dataset.saved : "";
  } catch {
    state.textContent = "";
  }
}

async function showAlike(form, title) {
  const here = form.querySelector("[data-alike-here]");
  if (!here || title.trim().length < 8) return;
  const answer = await fetch(`${form.dataset.alike}?${new URLSearchParams({ title })}`);
  if (answer.ok) here.innerHTML = await answer.text(); // our own page part, escaped there
}
