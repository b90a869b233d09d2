// The largest number of places is computed while the hours are typed: the same page, asked for its own answer.
const form = document.getElementById("carry");
const answer = document.getElementById("carry-answer");
let asked = 0;

const compute = async () => {
  asked += 1;
  const mine = asked;
  const url = `${location.pathname}?${new URLSearchParams(new FormData(form))}`;
  const page = await fetch(url, { headers: { Accept: "text/html" } });
  if (!page.ok || mine !== asked) return;
  const found = new DOMParser().parseFromString(await page.text(), "text/html");
  answer.textContent = found.getElementById("carry-answer")?.textContent ?? "";
};

form.addEventListener("input", compute);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  compute();
});
