// Which questions are asked, given the answers so far: the same rules as `confrere.surveys.definition.branching`.
// A condition arrives as a tree that the server has read: ["and", …], ["or", …], ["not", x], ["missing", name],
// ["in", negated, name, values], [sign, left, right]; a side is {name} or {value}.
const SIGNS = {
  "==": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
};

export function holds(condition, cells) {
  if (!condition) return true;
  const [what, ...parts] = condition;
  switch (what) {
    case "and":
      return parts.every((part) => holds(part, cells));
    case "or":
      return parts.some((part) => holds(part, cells));
    case "not":
      return !holds(parts[0], cells);
    case "missing":
      return cells.get(parts[0]) === null;
    case "in": {
      const [negated, name, values] = parts;
      const cell = cells.get(name);
      return cell !== null && values.includes(cell) !== negated;
    }
    default: {
      const [left, right] = parts.map((side) => ("name" in side ? cells.get(side.name) : side.value));
      return left !== null && right !== null && SIGNS[what](left, right);
    }
  }
}

// What conditions see of an answer. Numbers arrive as texts from a form, or as numbers from the server.
function see(cells, question, value) {
  const empty = value === null || value === "" || value.length === 0;
  for (const [name, kind, code] of question.columns) {
    if (empty) cells.set(name, null);
    else if (code !== null) cells.set(name, Number(value.includes(code)));
    else cells.set(name, kind === "number" ? Number(String(value).replace(",", ".")) : String(value));
  }
}

export function asked(questions, answers) {
  const cells = new Map();
  return questions.filter((question) => {
    const here = holds(question.condition, cells);
    see(cells, question, here ? (answers.get(question.name) ?? null) : null);
    return here;
  });
}
