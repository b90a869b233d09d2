"""Writing a questionnaire: the list of blocks, one block as a form, and what is done with a press of a button."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from confrere.people.queries import Standing
from confrere.people.rules import open_to
from confrere.science.instruments import InstrumentError, find
from confrere.surveys import actions, comparing, definition, library, queries
from confrere.surveys.definition import Block, Kind, Own, Question, Scale, editing
from confrere.surveys.definition.editing import Edit
from confrere.surveys.library import Writing
from confrere.surveys.question_forms import KINDS, QuestionForm, ScaleForm, TitleForm, kind_in_words, shown
from confrere.surveys.views.shelving import EDITORS
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal


@require_safe
@open_to(*EDITORS)
def draft(request: HttpRequest, standing: Standing, slug: str) -> HttpResponse:
    """The draft as it stands: its blocks, what is wrong with it, what can be added, undone, seen, published."""
    here = library.writing(programme=standing.programme, slug=slug)
    context = {
        "standing": standing,
        "here": here,
        "rows": _rows(here),
        "kinds": [(kind, *words) for kind, words in KINDS.items()],
        "scales": library.wordings(programme=standing.programme),
        "bare": library.bare(programme=standing.programme, questions=here.questions),
        "title_form": TitleForm(initial={"title": here.title}),
    }
    return render(request, "surveys/editor/draft.html", context)


def _rows(here: Writing) -> list[dict[str, object]]:
    """Each block with what is wrong with it, and how its answers are given, in words."""
    wrong = here.problems
    rows: list[dict[str, object]] = []
    for place, block in enumerate(here.blocks):
        questions = definition.questions_of(block)
        names = {question.name for question in questions}
        rows.append(
            {
                "block": block,
                "first": questions[0],
                "count": len(questions),
                "kind": kind_in_words(questions[0].kind) if isinstance(block, Own) else _("Instrument"),
                "scale": find(block.instrument) if isinstance(block, Scale) else None,
                "kept": questions[0].kind is Kind.KEPT,
                "heading": questions[0].section if _begins(here, place) else "",
                "problems": [problem for problem in wrong if problem.question in names],
                "last": place == len(here.blocks) - 1,
            }
        )
    return rows


def _begins(here: Writing, place: int) -> bool:
    before = definition.questions_of(here.blocks[place - 1])[-1].section if place else ""
    return definition.questions_of(here.blocks[place])[0].section != before


@require_POST
@open_to(*EDITORS)
def act(request: HttpRequest, standing: Standing, slug: str) -> HttpResponse:
    """One press of a button on the draft: undo, do again, up, down, double, take out, a new title, an instrument."""
    seen, block = _number(request, "seen"), _number(request, "block")
    do = request.POST.get("act", "")
    if do == "undo":
        actions.undo(programme=standing.programme, slug=slug, seen=seen)
    elif do == "redo":
        actions.redo(programme=standing.programme, slug=slug, seen=seen)
    else:
        edit, did, title = _edit(request, do, block)
        actions.change(
            programme=standing.programme, slug=slug, seen=seen, by=edit, did=did, title=title, now=timezone.now()
        )
    return redirect(_at(standing, slug, block if do in {"up", "down"} else None))


def _edit(request: HttpRequest, do: str, block: int) -> tuple[Edit, str, str | None]:
    """What a button does to the blocks, what that is called afterwards, and the new title, if there is one."""
    match do:
        case "up":
            return editing.moved(block, by=-1), _("moved a question up"), None
        case "down":
            return editing.moved(block, by=1), _("moved a question down"), None
        case "double":
            return editing.doubled(block), _("doubled a question"), None
        case "remove":
            return editing.removed(block), _("took a question out"), None
        case "scale":
            name = request.POST.get("instrument", "")
            return editing.added(_scale(name)), _("added %(title)s") % {"title": find(name).title}, None
        case "title" if request.POST.get("title", "").strip():
            return lambda blocks: blocks, _("changed the title"), request.POST["title"].strip()[:200]
        case _:
            raise Refusal(_("Nothing was changed: that button is not known."), status=422)


def _scale(name: str) -> Scale:
    try:
        definition.of_instrument(name)
    except InstrumentError as error:
        raise Refusal(str(error), status=422) from None
    return Scale(id=0, instrument=name)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*EDITORS)
def add(request: HttpRequest, standing: Standing, slug: str, kind: str) -> HttpResponse:
    """A new question of this kind, at the end."""
    if kind not in KINDS:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    here = library.writing(programme=standing.programme, slug=slug)
    section = here.questions[-1].section if here.questions else ""
    new = Question(name="", kind=Kind(kind), section=section)
    if new.kind is Kind.SLIDER:
        new = replace(new, low=0, high=100)
    return _form(request, standing, here, Own(id=0, question=new))


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*EDITORS)
def block(request: HttpRequest, standing: Standing, slug: str, number: int) -> HttpResponse:
    """One block of the draft; `?kind=` asks the same question otherwise."""
    here = library.writing(programme=standing.programme, slug=slug)
    found = here.block(number)
    wanted = request.GET.get("kind", "")
    if isinstance(found, Own) and wanted in KINDS:
        found = replace(found, question=replace(found.question, kind=Kind(wanted)))
    return _form(request, standing, here, found)


def _form(request: HttpRequest, standing: Standing, here: Writing, found: Block) -> HttpResponse:
    """The form of a block; a POST checks it (`check`) or saves it. What is typed is never lost to a conflict."""
    form = _form_of(found, request)
    problems, status = [], 200
    if form.is_bound and form.is_valid():
        new = _typed(form, found, here)
        problems = _problems(here, new)
        if "check" not in request.POST:
            refused = _save(request, standing, here, new)
            if refused is None:
                return redirect(_at(standing, here.slug, new.id or None))
            form.add_error(None, refused)
            status = 409
    elif form.is_bound:
        status = 422
    context = {
        "standing": standing,
        "here": library.writing(programme=standing.programme, slug=here.slug),
        "this": found,
        "form": form,
        "problems": problems,
        "checked": "check" in request.POST,
        "before": _usable(here, found),
        "kinds": [(kind, words[0]) for kind, words in KINDS.items()],
        "kind": kind_in_words(found.question.kind) if isinstance(found, Own) else "",
        "scale": find(found.instrument) if isinstance(found, Scale) else None,
    }
    return render(request, "surveys/editor/block.html", context, status=status)


def _form_of(found: Block, request: HttpRequest) -> QuestionForm | ScaleForm:
    data = request.POST if request.method == "POST" else None
    if isinstance(found, Scale):
        first = {"required": found.required, "section": found.section, "condition": found.condition}
        return ScaleForm(data, initial=first)
    if found.question.kind is Kind.KEPT:
        raise Refusal(_("This field came from another system and is only kept for an export."))
    return QuestionForm(found.question.kind, data, initial=shown(found.question))


def _typed(form: QuestionForm | ScaleForm, found: Block, here: Writing) -> Block:
    """The block as it was typed; a question without a name gets one of its words."""
    if isinstance(found, Scale):
        assert isinstance(form, ScaleForm)
        return form.scale(found)
    assert isinstance(form, QuestionForm)
    question = form.question(found.question)
    if not question.name:
        stem = slugify(question.text or "")[:24].strip("-").replace("-", "_")
        stem = stem if stem[:1].isalpha() else f"q_{stem}".rstrip("_")
        others = tuple(one for one in here.blocks if one.id != found.id)
        question = replace(question, name=editing.free_name(stem, others))
    return replace(found, question=question)


def _problems(here: Writing, new: Block) -> list[definition.Problem]:
    edit = editing.changed(new) if new.id else editing.added(new)
    names = {question.name for question in definition.questions_of(new)}
    return [one for one in definition.problems(definition.expanded(edit(here.blocks))) if one.question in names]


def _save(request: HttpRequest, standing: Standing, here: Writing, new: Block) -> str | None:
    """Save a block; the sentence of the refusal where somebody else was faster."""
    name = definition.questions_of(new)[0].name
    did = _("changed %(name)s") % {"name": name} if new.id else _("added %(name)s") % {"name": name}
    try:
        actions.change(
            programme=standing.programme,
            slug=here.slug,
            seen=_number(request, "seen"),
            by=editing.changed(new) if new.id else editing.added(new),
            did=did,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _("%(why)s Look at the draft; saving here again puts what you typed below in its place.") % {
            "why": refusal.sentence
        }
    return None


def _usable(here: Writing, found: Block) -> list[tuple[str, str, str]]:
    """The names that a condition of this block may use, with the words of the question and of the answers."""
    questions = here.before(found.id or None)
    return [
        (name, question.text or question.section, "; ".join(f"{one.value} = {one.label}" for one in question.options))
        for question in questions
        for name in definition.columns(question)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*EDITORS)
def publish(request: HttpRequest, standing: Standing, slug: str) -> HttpResponse:
    """What changes with this version, what is still wrong, and the decision."""
    here = library.writing(programme=standing.programme, slug=slug)
    if request.method == "POST":
        number = actions.publish_draft(
            programme=standing.programme,
            slug=slug,
            seen=_number(request, "seen"),
            actor=Actor.person(standing.person),
            now=timezone.now(),
        )
        return redirect("surveys:version", standing.programme_slug, slug, number)
    newest = queries.published(programme=standing.programme).get(slug)
    context = {
        "standing": standing,
        "here": here,
        "newest": newest,
        "changes": comparing.drafted(newest, title=here.title, questions=here.questions) if newest else (),
        "serious": [problem for problem in here.problems if problem.serious],
        "bare": library.bare(programme=standing.programme, questions=here.questions),
    }
    return render(request, "surveys/editor/publish.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*EDITORS)
def drop(request: HttpRequest, standing: Standing, slug: str) -> HttpResponse:
    """Throw a draft away, after one question."""
    here = library.writing(programme=standing.programme, slug=slug)
    if request.method == "POST":
        actions.throw_away(
            programme=standing.programme,
            slug=slug,
            seen=_number(request, "seen"),
            actor=Actor.person(standing.person),
            now=timezone.now(),
        )
        return redirect("surveys:shelf", standing.programme_slug)
    return render(request, "surveys/editor/drop.html", {"standing": standing, "here": here})


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _at(standing: Standing, slug: str, number: int | None) -> str:
    url = reverse("surveys:draft", args=[standing.programme_slug, slug])
    return f"{url}#b{number}" if number else url
