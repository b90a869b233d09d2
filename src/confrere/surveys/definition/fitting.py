"""What fits as an answer, how it is stored, and how it is read back."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from confrere.surveys.definition.looks import LOOKS
from confrere.surveys.definition.model import LONGEST_LINE, LONGEST_TEXT, Kind, Question, Value
from confrere.vault.refusals import Refusal


def fitting(question: Question, typed: Value) -> Value:
    """The answer as it is stored, or a refusal (422) that says what would fit.

    `typed` may be what a form sends (texts) or what a program passes (numbers); an empty answer becomes None
    and is refused where the question is required. Nothing is stored of a note.
    """
    if not question.kind.answered or typed is None or typed in ("", []):
        if question.needed:
            raise Refusal(_("Please answer this question; the others can wait."), status=422)
        return None
    match question.kind:
        case Kind.CHOICE | Kind.LIKERT:
            return _option(question, typed)
        case Kind.CHOICES:
            chosen = typed if isinstance(typed, list) else [str(typed)]
            return sorted({str(_option(question, one)) for one in chosen})
        case Kind.SLIDER | Kind.NUMBER:
            return _number(question, typed)
        case Kind.DATE:
            return _date(question, typed)
        case _:  # a line or a text
            return _text(question, typed)


def _option(question: Question, typed: Value) -> str | int:
    if str(typed) not in {option.value for option in question.options}:
        raise Refusal(_("Please choose one of the answers that are offered."), status=422)
    return int(str(typed)) if question.kind is Kind.LIKERT else str(typed)


def _number(question: Question, typed: Value) -> int | float:
    sentence = number_wanted(question)
    try:
        number = float(str(typed).replace(",", "."))
    except ValueError:
        raise Refusal(sentence, status=422) from None
    low = -1e15 if question.low is None else question.low
    high = 1e15 if question.high is None else question.high
    if not low <= number <= high:  # false for "nan" too
        raise Refusal(sentence, status=422)
    if question.whole and number != int(number):
        raise Refusal(_("Please give a whole number."), status=422)
    return int(number) if number == int(number) else number


def number_wanted(question: Question) -> str:
    """Which numbers fit, in a sentence."""
    bounds = {"low": question.low, "high": question.high}
    if question.low is not None and question.high is not None:
        return _("Please give a number from %(low)g to %(high)g.") % bounds
    if question.low is not None:
        return _("Please give a number of at least %(low)g.") % bounds
    if question.high is not None:
        return _("Please give a number of at most %(high)g.") % bounds
    return _("Please give a number.")


def _date(question: Question, typed: Value) -> str:
    try:
        day = date.fromisoformat(str(typed).strip())
    except ValueError:
        raise Refusal(_("Please give a day, like 2026-03-31."), status=422) from None
    if question.earliest and day < date.fromisoformat(question.earliest):
        raise Refusal(_("Please give a day from %(day)s on.") % {"day": _day(question.earliest)}, status=422)
    if question.latest and day > date.fromisoformat(question.latest):
        raise Refusal(_("Please give a day until %(day)s.") % {"day": _day(question.latest)}, status=422)
    return day.isoformat()


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "j F Y")


def _text(question: Question, typed: Value) -> str:
    text = str(typed).strip()
    most = LONGEST_LINE if question.kind is Kind.LINE else LONGEST_TEXT
    if len(text) > most:
        raise Refusal(
            _("Please shorten your answer to %(most)s characters; you wrote %(count)s.")
            % {"most": most, "count": len(text)},
            status=422,
        )
    if "\0" in text:
        raise Refusal(_("Your answer holds a character that cannot be stored."), status=422)
    look = LOOKS.get(question.look)
    if look is not None and not look.pattern.fullmatch(text):
        raise Refusal(_("Please write it like this: %(example)s") % {"example": look.example}, status=422)
    return text


def in_words(question: Question, value: Value) -> str:
    """An answer as a person reads it: the labels of options, a day in words, else the value itself."""
    if question.kind is Kind.DATE and value is not None:
        return _day(str(value))
    labels = {option.value: option.label for option in question.options}
    parts = value if isinstance(value, list) else [value]
    return ", ".join(labels.get(str(part), str(part)) for part in parts if part is not None)
