// A slider beside a typed number: drawn only where the browser works; the number is what is sent.
// Until someone answers, the slider shows no value of its own: a middle that nobody chose would be an answer.
// A script that puts a new question on the page says so with the event "drawn".
function draw() {
  for (const typed of document.querySelectorAll(".slider input[type=number]")) {
    if (!typed.previousElementSibling) drawBeside(typed);
  }
}

function drawBeside(typed) {
  const slide = document.createElement("input");
  slide.type = "range";
  slide.min = typed.min;
  slide.max = typed.max;
  slide.step = typed.step || "1";
  slide.disabled = typed.disabled;
  slide.setAttribute("aria-label", typed.closest(".slider").dataset.label);
  const follow = () => {
    slide.classList.toggle("unset", typed.value === "");
    slide.setAttribute("aria-valuetext", typed.value || "–");
    if (typed.value !== "") slide.value = typed.value;
  };
  slide.addEventListener("input", () => {
    typed.value = slide.value;
    typed.dispatchEvent(new Event("change", { bubbles: true }));
    follow();
  });
  typed.addEventListener("input", follow);
  typed.before(slide);
  follow();
}

draw();
document.addEventListener("drawn", draw);
