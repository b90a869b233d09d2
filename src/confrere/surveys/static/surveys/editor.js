// Says what is wrong with a question while it is typed. Without this module the button "Check without saving" does.

const form = document.querySelector("form[data-checked]");
const problems = document.getElementById(form.dataset.checked);
let waiting = 0;
let asked = 0;

async function check() {
  const mine = ++asked;
  const body = new FormData(form);
  body.set("check", "1");
  const answer = await fetch(form.action || location.href, { method: "POST", body });
  if (mine !== asked) return; // a later question is on its way
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const said = page.getElementById(problems.id);
  if (said) problems.replaceChildren(...said.childNodes);
}

form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => check().catch(() => {}), 500);
});
