// A chosen time is kept for some minutes, so that nobody takes it while the page is read once more.
// Without this script, or when it fails, booking works all the same: the button decides.
const form = document.querySelector("form[data-hold]");
const held = document.getElementById("held");

form.addEventListener("change", async (event) => {
  if (event.target.name !== "start") return;
  held.textContent = "";
  const answer = await fetch(form.dataset.hold, { method: "POST", body: new FormData(form) }).catch(() => null);
  if (answer?.status === 204) held.textContent = form.dataset.held;
});
