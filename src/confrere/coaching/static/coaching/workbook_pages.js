// What the pages of a workbook hold, in and out of the form, and the progress that is drawn here on the device.
const SVG = "http://www.w3.org/2000/svg";
const today = () => new Date().toLocaleDateString("sv-SE"); // 2026-03-03, by this device's clock
const make = (tag, given = {}) => Object.assign(document.createElement(tag), given);
const all = (root, name) => [...root.querySelectorAll(`[data-${name}]`)];
const field = (root, name) => root.querySelector(`[data-field="${name}"]`);

export function fill(root, content, words) {
  field(root, "left").value = content.left?.text ?? "";
  root.querySelector("[data-left-on]").textContent = content.left?.on ?? "";
  field(root, "vision").value = content.vision ?? "";
  field(root, "reflection").value = content.draft ?? "";
  all(root, "goal").forEach((input, at) => { input.value = content.goals?.[at]?.text ?? ""; });
  all(root, "week").forEach((input, at) => { input.value = content.week?.[at]?.text ?? ""; });
  all(root, "week-state").forEach((input, at) => { input.value = content.week?.[at]?.state ?? "notYet"; });
  list(root, "kept", (content.reflections ?? []).map(({ on, text }) => [on, text]), words);
  list(root, "weeks", (content.weeks ?? []).map(({ on, goals, line }) => [on, [...goals.map(({ text, state }) => `${words[state]}: ${text}`), line].filter(Boolean).join("\n")]), words);
  root.querySelector("[data-examples]").hidden = Boolean(content.vision || content.goals?.some((goal) => goal.text));
  draw(root, content, words);
}

function list(root, name, entries, words) {
  const rows = entries.toReversed().map(([on, text]) => {
    const row = make("div");
    row.append(make("dt", { textContent: on }), make("dd", { textContent: text }));
    return row;
  });
  root.querySelector(`[data-${name}]`).replaceChildren(...(rows.length ? rows : [make("p", { className: "muted", textContent: words.nothing })]));
}

const typed = (root, name) => all(root, name).map((input) => input.value.trim());

export function read(root, content, reviewed = false) {
  const left = field(root, "left").value;
  if (left !== (content.left?.text ?? "")) content.left = { on: today(), text: left };
  content.vision = field(root, "vision").value;
  content.goals = typed(root, "goal").map((text, at) => ({ marks: [], ...content.goals?.[at], text }));
  const states = all(root, "week-state").map((input) => input.value);
  content.week = typed(root, "week").map((text, at) => ({ text, state: states[at] }));
  content.draft = field(root, "reflection").value;
  if (reviewed) review(root, content);
}

export function keepReflection(content) {
  if (content.draft?.trim()) content.reflections = [...(content.reflections ?? []), { on: today(), text: content.draft.trim() }];
  content.draft = "";
}

// --- the week's review: how each goal went, how far the three months are, one line, and the next week's goals
export function startReview(root, content, words) {
  const rows = all(root, "review-goal");
  content.goals.forEach((goal, at) => {
    rows[at].hidden = !goal.text;
    rows[at].querySelector("span").textContent = goal.text;
    Object.assign(rows[at].querySelector("input"), { value: "", placeholder: goal.marks.at(-1)?.[1] ?? "" });
  });
  all(root, "review-state").forEach((row, at) => {
    row.hidden = !content.week[at].text;
    row.querySelector("span").textContent = content.week[at].text;
    row.querySelector("select").value = content.week[at].state;
  });
  for (const next of all(root, "next")) next.value = "";
  field(root, "line").value = "";
  root.querySelector("[data-reviewing]").showModal();
}

function review(root, content) {
  all(root, "review-goal").forEach((row, at) => {
    const goal = content.goals[at];
    const { value } = row.querySelector("input"); // empty: not said, and so not drawn
    if (goal.text && value !== "") goal.marks = [...goal.marks.filter(([on]) => on !== today()), [today(), Number(value)]];
  });
  const states = all(root, "review-state").map((row) => row.querySelector("select").value);
  const goals = content.week.map(({ text }, at) => ({ text, state: states[at] })).filter(({ text }) => text);
  content.weeks = [...(content.weeks ?? []), { on: today(), goals, line: field(root, "line").value.trim() }];
  content.week = typed(root, "next").map((text) => ({ text, state: "notYet" }));
}

// --- progress: one small figure for each goal, from 0 to 10, a point for each review
export function draw(root, content, words) {
  const figures = (content.goals ?? []).filter((goal) => goal.text && goal.marks.length).map((goal) => figure(goal, words));
  root.querySelector("[data-progress]").replaceChildren(...figures);
}

function figure({ text, marks }, words) {
  const svg = document.createElementNS(SVG, "svg");
  const last = marks.at(-1)[1];
  for (const [name, value] of Object.entries({ viewBox: "0 0 320 72", class: "chart", role: "img", "aria-label": `${text}: ${marks.map((mark) => mark.join(" ")).join(", ")}` })) svg.setAttribute(name, value);
  const first = Date.parse(marks[0][0]);
  const span = Math.max(Date.parse(marks.at(-1)[0]) - first, 1);
  const points = marks.map(([on, value]) => [8 + (Date.parse(on) - first) / span * 260, 64 - value * 5.6]);
  put(svg, "line", { class: "reference", x1: 8, x2: 268, y1: 64, y2: 64 });
  put(svg, "polyline", { class: "series interval", points: points.map((point) => point.join()).join(" ") });
  for (const [cx, cy] of points) put(svg, "circle", { class: "series", cx, cy, r: 3 });
  put(svg, "text", { x: 276, y: points.at(-1)[1] + 4, "font-size": 12 }).textContent = `${last} ${words.of}`;
  const whole = make("figure");
  whole.append(make("figcaption", { textContent: text }), svg);
  return whole;
}

function put(svg, tag, given) {
  const shape = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(given)) shape.setAttribute(name, value);
  svg.append(shape);
  return shape;
}

// --- for reading: to take along, and on the coach's device
export function chapters(content, words) {
  const weeks = (content.weeks ?? []).map(({ on, goals, line }) => `${on}\n${goals.map(({ text, state }) => `- ${words[state]}: ${text}`).join("\n")}\n${line}`);
  return [
    [words.left, content.left?.text],
    [words.vision, content.vision],
    [words.goals, (content.goals ?? []).filter(({ text }) => text).map(({ text, marks }) => `- ${text}${marks.length ? ` (${marks.map((mark) => mark.join(" ")).join(", ")})` : ""}`).join("\n")],
    [words.thisWeek, (content.week ?? []).filter(({ text }) => text).map(({ text, state }) => `- ${words[state]}: ${text}`).join("\n")],
    [words.weeks, weeks.join("\n\n")],
    [words.reflections, (content.reflections ?? []).map(({ on, text }) => `${on}\n${text}`).join("\n\n")],
  ].map(([title, text]) => [title, text?.trim() ? text.trim() : words.nothing]);
}

export const sheet = (content, words) => chapters(content, words).map(([title, text]) => `${title.toUpperCase()}\n\n${text}\n`).join("\n\n");
