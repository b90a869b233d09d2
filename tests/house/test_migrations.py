"""A new database is made quickly: a first start, each fresh demo and every worker of the tests wait for it."""

import ast
import re
from pathlib import Path

import confrere


def test_a_model_is_made_with_its_constraints_and_indexes() -> None:
    # Django computes all tables' state anew for each constraint or index that is added to a model which is there
    # already: with 117 of them that was half of all the time of `migrate`. Write them into the options of CreateModel.
    late = [
        f"{path.parent.parent.name}/{path.name}: {constraint}"
        for path in sorted(Path(confrere.__file__).parent.glob("*/migrations/*.py"))
        for constraint in added_after(ast.parse(path.read_text()))
    ]
    assert late == []


def test_a_late_constraint_is_found() -> None:
    text = """
operations = [
    migrations.CreateModel(name="Place", fields=[]),
    migrations.AddField(model_name="seat", name="place", field=models.IntegerField()),
    migrations.CreateModel(name="Seat", fields=[]),
    migrations.AddConstraint(model_name="place", constraint=models.UniqueConstraint(fields=("number",), name="one")),
    migrations.AddConstraint(model_name="seat", constraint=models.UniqueConstraint(fields=("place",), name="two")),
    migrations.AddConstraint(
        model_name="seat", constraint=models.CheckConstraint(condition=Q(("place__isnull", True)), name="four")
    ),
    migrations.AddConstraint(model_name="older", constraint=models.UniqueConstraint(fields=("x",), name="three")),
    migrations.AddIndex(model_name="place", index=models.Index(fields=["number"], name="five")),
]
"""
    assert added_after(ast.parse(text)) == ["place: one", "place: five"]


def added_after(tree: ast.Module) -> list[str]:
    """Constraints added to a model that the same migration makes, unless they need a field that follows it."""
    calls = [
        (operation.func.attr, {word.arg: word.value for word in operation.keywords})
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "operations"
        for operation in getattr(node.value, "elts", ())
        if isinstance(operation, ast.Call) and isinstance(operation.func, ast.Attribute)
    ]
    made = {ast.literal_eval(words["name"]).lower() for name, words in calls if name == "CreateModel"}
    follows = {
        (ast.literal_eval(words["model_name"]), ast.literal_eval(words["name"]))
        for name, words in calls
        if name == "AddField"
    }
    found = []
    for name, words in calls:
        added = words.get({"AddConstraint": "constraint", "AddIndex": "index"}.get(name))
        if not isinstance(added, ast.Call) or ast.literal_eval(words["model_name"]) not in made:
            continue
        model, text = ast.literal_eval(words["model_name"]), ast.unparse(added)
        if not any(of == model and re.search(rf"'-?{field}('|__)", text) for of, field in follows):
            title = next(word.value for word in added.keywords if word.arg == "name")
            found.append(f"{model}: {ast.literal_eval(title)}")
    return found
