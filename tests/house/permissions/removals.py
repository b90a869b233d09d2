"""Every permission check of the project, found in its source, and taken out of the running program one at a time.

What counts as a check: the roles of a gate; the proof asked again behind a gate; a call of a rule that can answer 403
or 404; a refusal with one of these; a filter by programme, site or person in a question to the database.
"""

import ast
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Literal

from django.urls import URLPattern, URLResolver, get_resolver

import confrere
from confrere.people.roles import Role
from confrere.people.rules import proved_within

type Kind = Literal["gate", "proof", "rule", "refusal", "filter"]
HERE = Path(confrere.__file__).parent
#: Where requests are judged. Not here: what tests, demo and the command line do.
ROOMS = ("people", "coaching", "surveys", "trial", "service", "lounge", "evidence", "web")
FURNITURE = ("views", "team_views", "rules", "queries", "actions", "team", "keeping", "sheets")
CLOSED = {403, 404}
#: Names by which a question to the database is narrowed to a programme, a site, or a person.
SCOPES = ("programme", "site", "person", "user", "member", "author", "coach", "study_id", "claim", "standing")
_WHAT = {"gate": "its roles", "proof": "a fresh proof"}
ASKS = {"filter", "get", "exclude", "get_or_create", "update_or_create"}


@dataclass(frozen=True)
class Removal:
    """One check. where: function, or view for a gate, which begins at a line of its own; what: the source that goes."""

    file: str
    where: str
    line: int
    kind: Kind
    what: str
    place: int = 0
    begins: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.where}: {self.kind} {self.what}"


def _files() -> Iterator[Path]:
    for room in ROOMS:
        for file in sorted((HERE / room).rglob("*.py")):
            if file.relative_to(HERE / room).parts[0].removesuffix(".py") in FURNITURE:
                yield file


@cache
def _tree(file: str) -> ast.Module:
    return ast.parse((HERE / file).read_text())


@cache
def closing() -> frozenset[str]:
    """The names of rules that can answer 403 or 404, themselves or by another one."""
    rules = {
        node.name: node
        for file in _files()
        for node in ast.walk(_tree(str(file.relative_to(HERE))))
        if isinstance(node, ast.FunctionDef) and node.name.lstrip("_").startswith("check_")
    }
    found = {name for name, node in rules.items() if any(map(_closes, ast.walk(node)))}
    while more := {
        name
        for name, node in rules.items()
        if name not in found and any(_called(each) in found for each in ast.walk(node))
    }:
        found |= more
    return frozenset(found)


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _closes(node: ast.AST) -> bool:
    """Whether this raises a refusal with 403 or 404."""
    return (
        isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and any(
            word.arg == "status" and isinstance(word.value, ast.Constant) and word.value.value in CLOSED
            for word in node.exc.keywords
        )
    )


def _is_rule(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and _called(node.value) in closing()


def _scopes(node: ast.AST) -> list[ast.keyword]:
    """The filters of this call that narrow it to what belongs to somebody."""
    if not isinstance(node, ast.Call) or _called(node) not in ASKS:
        return []
    return [
        word
        for word in node.keywords
        if word.arg is not None
        and word.arg.removesuffix("_id").rpartition("__")[2] in SCOPES
        and not isinstance(word.value, ast.Constant)
    ]


def removals() -> list[Removal]:
    """All of them, by file and line."""
    return [one for file in _files() for one in (*_gates(file), *_checks(file))]


def _checks(file: Path) -> Iterator[Removal]:
    name = str(file.relative_to(HERE))
    for function in ast.walk(_tree(name)):
        if not isinstance(function, ast.FunctionDef):
            continue
        begins = min([function.lineno, *(each.lineno for each in function.decorator_list)])
        for node in _own(function):
            if _is_rule(node):
                yield Removal(name, function.name, node.lineno, "rule", ast.unparse(node)[:90], 0, begins)
            elif _closes(node):
                yield Removal(name, function.name, node.lineno, "refusal", ast.unparse(node)[:90], 0, begins)
            for place, word in enumerate(_scopes(node)):
                at = place * 1000 + node.col_offset
                yield Removal(name, function.name, node.lineno, "filter", ast.unparse(word)[:90], at, begins)


def _gates(file: Path) -> Iterator[Removal]:
    """The gates of the views that stand in this file, as they stand in the running program."""
    name = str(file.relative_to(HERE))
    for view, layers in views().items():
        if view.__code__.co_filename == str(file):
            line = view.__code__.co_firstlineno
            for place, (kind, _layer) in enumerate(layers):
                yield Removal(name, view.__name__, line, kind, _WHAT[kind], place)


@cache
def views() -> dict[FunctionType, tuple[tuple[Kind, FunctionType], ...]]:
    """View → its gate and proof, outermost first, of every address."""
    found = {}
    for outermost in _callbacks(get_resolver()):
        callback = outermost
        layers: list[tuple[Kind, FunctionType]] = []
        while isinstance(callback, FunctionType) and hasattr(callback, "__wrapped__"):
            if "wanted" in callback.__code__.co_freevars and callback.gate != frozenset(Role):  # type: ignore[attr-defined]  # set beside it
                layers.append(("gate", callback))
            elif callback.__code__ is _PROOF:
                layers.append(("proof", callback))
            callback = callback.__wrapped__
        if isinstance(callback, FunctionType):
            found[callback] = tuple(layers)
    return found


def _callbacks(resolver: URLResolver) -> Iterator[Callable[..., object]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _callbacks(pattern)
        elif isinstance(pattern, URLPattern):
            yield pattern.callback


@contextmanager
def removed(one: Removal) -> Iterator[None]:
    """The program without this check; put back afterwards."""
    with (_gate_removed if one.kind in {"gate", "proof"} else _code_removed)(one):
        yield


@contextmanager
def _gate_removed(one: Removal) -> Iterator[None]:
    [layers] = [
        layers
        for view, layers in views().items()
        if view.__code__.co_firstlineno == one.line and view.__code__.co_filename == str(HERE / one.file)
    ]
    layer = layers[one.place][1]
    if one.kind == "proof":
        kept, layer.__code__ = layer.__code__, _UNPROVED
        yield
        layer.__code__ = kept
        return
    assert layer.__closure__ is not None
    cell = layer.__closure__[layer.__code__.co_freevars.index("wanted")]
    roles, cell.cell_contents = cell.cell_contents, frozenset(Role)
    yield
    cell.cell_contents = roles


@contextmanager
def _code_removed(one: Removal) -> Iterator[None]:
    file = str(HERE / one.file)
    tree = _Without(one).visit(ast.parse(Path(file).read_text()))
    changed = {(code.co_name, code.co_firstlineno): code for code in _codes(compile(tree, file, "exec"))}
    mine = [each for each in live(file) if each.__code__.co_name == one.where and _spans(each.__code__, one.line)]
    assert mine, str(one)
    kept = [(each, each.__code__) for each in mine]
    for each in mine:
        each.__code__ = changed[each.__code__.co_name, each.__code__.co_firstlineno]
    yield
    for each, code in kept:
        each.__code__ = code


def _spans(code: CodeType, line: int) -> bool:
    """Whether a line stands in a function."""
    return any(line == at for _start, _end, at in code.co_lines()) or any(
        _spans(const, line) for const in code.co_consts if isinstance(const, CodeType)
    )


def live(file: str) -> list[FunctionType]:
    """The functions of a file, as they are in memory, however they are wrapped."""
    return _live().get(file, [])


@cache
def _live() -> dict[str, list[FunctionType]]:
    found: dict[str, list[FunctionType]] = {}
    for each in gc.get_objects():
        if isinstance(each, FunctionType):
            found.setdefault(each.__code__.co_filename, []).append(each)
    return found


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _codes(const)


class _Without(ast.NodeTransformer):
    """The tree without one check. Lines stay where they are."""

    def __init__(self, one: Removal) -> None:
        self.one = one

    def visit_Expr(self, node: ast.Expr) -> ast.AST:  # the name that the library calls
        if self.one.kind == "rule" and node.lineno == self.one.line and _is_rule(node):
            return _idle(node.value, node)
        return self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> ast.AST:  # the same
        gone = self.one.kind == "refusal" and node.lineno == self.one.line
        return _idle(node.exc, node) if gone and node.exc else node

    def visit_Call(self, node: ast.Call) -> ast.AST:  # the same
        self.generic_visit(node)
        if self.one.kind == "filter" and node.lineno == self.one.line:
            gone = [
                word for place, word in enumerate(_scopes(node)) if place * 1000 + node.col_offset == self.one.place
            ]
            node.keywords = [word for word in node.keywords if word not in gone]
        return node


def _idle(what: ast.expr, instead_of: ast.stmt) -> ast.stmt:
    """Something that does nothing and names the same names: a function keeps what it knows from outside."""
    none = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    idle = ast.copy_location(ast.Expr(ast.Lambda(args=none, body=what)), instead_of)
    return ast.fix_missing_locations(idle)


def _unproved() -> CodeType:
    """What a proof's guard does without the proof; with the same names from outside."""

    def gate(view: Callable[..., object], time: object) -> FunctionType:
        def guarded(request: object, *args: object, **kwargs: object) -> object:
            assert time is not None
            return view(request, *args, **kwargs)

        assert isinstance(guarded, FunctionType)
        return guarded

    return gate(lambda: None, 0).__code__


_PROOF = proved_within(timedelta())(lambda: None).__code__  # type: ignore[arg-type, return-value]  # looked at only
_UNPROVED = _unproved()


def _own(function: ast.FunctionDef) -> Iterator[ast.stmt | ast.expr]:
    """What stands in a function, without the functions in it."""
    todo: list[ast.AST] = list(function.body)
    while todo:
        node = todo.pop(0)
        if isinstance(node, ast.stmt | ast.expr):
            yield node
        todo.extend(each for each in ast.iter_child_nodes(node) if not isinstance(each, ast.FunctionDef))
