// A clock through the parts of a session. Everything lives in this page: no request, nothing kept, gone when it closes.
const clock = document.getElementById("clock");
const parts = [...document.querySelectorAll("#parts > li")];
const say = clock.dataset;
let at = -1;
let spent = 0; // milliseconds of the present part, up to the last pause
let since = 0; // when the clock was started; 0 while it stands

const face = document.createElement("p");
face.className = "lead";
face.setAttribute("role", "timer");
const go = document.createElement("button");
const next = document.createElement("button");
for (const button of [go, next]) {
  button.type = "button";
  button.className = "quiet";
}
go.textContent = say.start;
next.textContent = say.next;

function show() {
  if (at < 0) return;
  const left = Number(parts[at].dataset.minutes) * 60 - Math.floor((spent + (since ? Date.now() - since : 0)) / 1000);
  const seconds = Math.abs(left);
  const figures = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  face.textContent = `${parts[at].querySelector("strong").textContent} · ${figures} ${left < 0 ? say.over : say.running}`;
}

function step() {
  if (at >= 0) parts[at].removeAttribute("aria-current");
  at += 1;
  spent = 0;
  if (at === parts.length) {
    since = 0;
    at = -1;
    face.textContent = say.end;
    next.remove();
    go.textContent = say.start;
    return;
  }
  since = Date.now();
  parts[at].setAttribute("aria-current", "step");
  parts[at].scrollIntoView({ block: "nearest" });
  go.textContent = say.pause;
  clock.append(" ", next);
  show();
}

go.addEventListener("click", () => {
  if (at < 0) return step();
  if (since) {
    spent += Date.now() - since;
    since = 0;
    go.textContent = say.go;
  } else {
    since = Date.now();
    go.textContent = say.pause;
  }
  show();
});
next.addEventListener("click", step);
clock.append(face, go);
setInterval(show, 1000);
