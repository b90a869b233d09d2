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


def test_tables_that_follow_each_other_are_made_together() -> None:
    # Each CreateModel by itself has all related models computed anew; CreateModels does it once for all of them.
    lonely = [
        path.parent.parent.name
        for path in sorted(Path(confrere.__file__).parent.glob("*/migrations/0001_initial.py"))
        if alone(ast.parse(path.read_text())) > 1
    ]
    assert lonely == []


def test_tables_made_one_by_one_are_found() -> None:
    one = 'migrations.CreateModel(name="Place", fields=[])'
    assert alone(ast.parse(f"operations = [{one}, {one}]")) == 2
    assert alone(ast.parse(f"operations = [CreateModels([{one}, {one}]), migrations.RunSQL(''), {one}]")) == 1


def alone(tree: ast.Module) -> int:
    """How many tables the longest row of CreateModel makes that stand outside of CreateModels."""
    rows = "".join("t" if ast.unparse(one).startswith("migrations.CreateModel(") else " " for one in listed(tree))
    return max(map(len, rows.split()), default=0)


def listed(tree: ast.Module) -> list[ast.expr]:
    """The operations as they are written."""
    return [
        operation
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "operations"
        for operation in getattr(node.value, "elts", ())
    ]


def operations(tree: ast.Module) -> list[ast.expr]:
    """The operations, also those inside of CreateModels."""
    return [
        inner
        for one in listed(tree)
        for inner in (
            getattr(one.args[0], "elts", ())
            if isinstance(one, ast.Call) and ast.unparse(one.func) == "CreateModels"
            else [one]
        )
    ]


def added_after(tree: ast.Module) -> list[str]:
    """Constraints added to a model that the same migration makes, unless they need a field that follows it."""
    calls = [
        (operation.func.attr, {word.arg: word.value for word in operation.keywords})
        for operation in operations(tree)
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
