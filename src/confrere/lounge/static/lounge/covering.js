/** A picture is painted over in the browser before it is sent: what is covered never leaves this device. */

const LONGEST = 1600; // pixels of the longer side, as the server keeps it
const STEP = 0.02; // of the picture's side, for one press of an arrow key

const section = document.querySelector("#covering");
const canvas = document.querySelector("#canvas");
const state = document.querySelector("#covering-state");
const input = document.querySelector("input[type=file]");
const brush = canvas.getContext("2d");
let picture = null;
let covers = []; // {left, top, wide, high}, each as a share of the picture's side
let corner = null; // where a finger went down, or the first of two taps

const bounded = (value, least, most) => Math.min(Math.max(value, least), most);

function paint() {
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  brush.fillStyle = "black";
  for (const { left, top, wide, high } of covers) {
    brush.fillRect(left * canvas.width, top * canvas.height, wide * canvas.width, high * canvas.height);
  }
  const last = covers.at(-1);
  if (!last) {
    state.textContent = section.dataset.none;
    return;
  }
  let said = section.dataset.many.replace("{many}", covers.length);
  for (const name of ["left", "top", "wide", "high"]) said = said.replace(`{${name}}`, Math.round(last[name] * 100));
  state.textContent = said;
}

async function open() {
  const [file] = input.files;
  covers = [];
  section.hidden = !file;
  if (!file) return;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    picture = null;
    state.textContent = section.dataset.unreadable;
    return;
  }
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  paint();
}

/** Where on the picture something happened, as shares of its sides. */
function place(event) {
  const box = canvas.getBoundingClientRect();
  return [
    bounded((event.clientX - box.left) / box.width, 0, 1),
    bounded((event.clientY - box.top) / box.height, 0, 1),
  ];
}

const between = ([x1, y1], [x2, y2]) => ({
  left: Math.min(x1, x2),
  top: Math.min(y1, y2),
  wide: Math.abs(x1 - x2),
  high: Math.abs(y1 - y2),
});

function add(cover) {
  covers.push(cover);
  paint();
}

canvas.addEventListener("pointerup", (event) => {
  if (!picture) return;
  const here = place(event);
  if (!corner) return;
  const cover = between(corner.at, here);
  if (cover.wide > 0.01 && cover.high > 0.01) {
    add(cover);
    corner = null;
  } else if (corner.tapped) {
    corner = null;
  } else {
    corner = { at: here, tapped: true }; // the first of two taps
  }
});

canvas.addEventListener("pointerdown", (event) => {
  if (picture && !corner?.tapped) corner = { at: place(event), tapped: false };
});

canvas.addEventListener("keydown", (event) => {
  const turn = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  const last = covers.at(-1);
  if (!turn || !last) return;
  event.preventDefault();
  const [x, y] = [turn[0] * STEP, turn[1] * STEP];
  if (event.shiftKey) {
    last.wide = bounded(last.wide + x, STEP, 1 - last.left);
    last.high = bounded(last.high + y, STEP, 1 - last.top);
  } else {
    last.left = bounded(last.left + x, 0, 1 - last.wide);
    last.top = bounded(last.top + y, 0, 1 - last.high);
  }
  paint();
});

document.querySelector("#cover").addEventListener("click", () => {
  if (!picture) return;
  add({ left: 0.4, top: 0.4, wide: 0.2, high: 0.2 });
  canvas.focus();
});

document.querySelector("#uncover").addEventListener("click", () => {
  covers.pop();
  if (picture) paint();
});

input.addEventListener("change", open);

// The file that was chosen gives way to what was painted; the original is not sent.
input.form.addEventListener("submit", (event) => {
  if (!picture || input.form.dataset.painted) return;
  event.preventDefault();
  canvas.toBlob(
    (blob) => {
      const sent = new DataTransfer();
      sent.items.add(new File([blob], "picture.jpg", { type: "image/jpeg" }));
      input.files = sent.files;
      input.form.dataset.painted = "1";
      input.form.requestSubmit();
    },
    "image/jpeg",
    0.92,
  );
});
