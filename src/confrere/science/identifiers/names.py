"""Names of people. A list of the world's names, and where a name stands: no list is complete or fair alone.

Rules, in the order of their strength: a title before it; a word that announces it ("named", "his wife"); a first
name with an initial; two words in a row that may be names, one of them surely none of the language; a single word that
is a name and nothing else. The names that medicine gave to diseases and scores are left out.
"""

import re
from collections.abc import Iterator, Sequence

from confrere.science.identifiers.eponyms import EPONYMS, THINGS
from confrere.science.identifiers.spans import Span
from confrere.science.identifiers.words import Word, word_set

_TITLES = word_set(
    "dr doctor mr mrs ms miss mx prof professor herr frau senor senora senorita madame mme monsieur signor signora"
    " sir lady rev sister nurse"
)
_NEED_POINT = frozenset({"nurse", "sister", "lady", "sir", "doctor", "miss", "professor"})
_TOLD = word_set("named called nicknamed")
_KIN = word_set(
    "wife husband son daughter mother father brother sister neighbor neighbour friend partner girlfriend boyfriend"
    " aunt uncle cousin grandson granddaughter grandmother grandfather niece nephew fiance fiancee roommate coworker"
    " caregiver patient pt colleague"
)
_PARTICLES = word_set("de da do dos del della der den di van von bin ibn binti al el la le ter ten af zu y")
#: Between two words of one name stands nothing else than a space, an initial or a comma turned round.
_GAP = re.compile(r"(?:\s+|-)(?:[A-Z]\.?\s+){0,2}")
_INITIAL = re.compile(r"\s+[A-Z]\b(?:\.(?:\s?[A-Z]\.)?(?!\w)|(?=\s*[,;:()?!]|\s+[a-z]|\s*$))")
_LED = re.compile(r"(?:[A-Z]\.\s?){1,2}$")
#: First names that are words in small letters too (a john, to bob); with a capital inside a sentence they are names.
_STILL_NAMES = word_set(
    "john jane jack bill bob frank jimmy harry nick rob molly peter tom tommy timothy abigail benny billy bobby johnny"
    " jenny jerry charlie clementine toby sally roger randy rick jill tony barb barry bertha colin daisy dexter don"
    " drew faith ginger grace hank hazel heather henry holly ivy jasmine jean joey joe josh kelly lance laurel lily"
    " maria marina martin melody mike miles myrtle nelly olive patty pearl peg penny percy phoebe poppy rebecca ruby"
    " sherry simon victor violet wally warren doe smith"
)
#: Days, months and peoples: capitals of the language, whatever list of names has them.
_CALENDAR = word_set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august"
    " september october november december"
)
_NEVER = _CALENDAR | word_set(
    "american african asian european hispanic latino latina caucasian black"
    " white english spanish french german italian chinese japanese korean indian vietnamese russian arabic jewish"
    " muslim christian catholic danish swedish polish turkish greek dutch latin native pacific islander"
    " medicare medicaid"
    " america africa asia europe mexico cuba canada china india japan germany france italy spain israel jordan chad"
    " georgia maine virginia carolina dakota kansas texas ohio utah iowa nevada oregon florida alabama montana"
    # Brands and words of the record that are also somebody's name.
    " allegra tylenol para advil aleve ambien celexa lexapro paxil prozac zoloft yaz mirena viagra xanax medrol"
    " von i the"
)
_SHORT = 2
_SENTENCE_END = re.compile(r"(?:^|[.!?:;\n\"“(]\s*|^\s*[\-*•]\s*)$")


def names(text: str, said: Sequence[Word], places: Sequence[Span] = ()) -> Iterator[Span]:
    """Spans of kind ``name``; ``said`` are the words of the text, ``places`` what is known to be a place."""
    index = 0
    while index < len(said):
        if any(place.start <= said[index].start < place.end for place in places) and not _titled(text, said, index):
            index += 1
            continue
        end = _name_at(text, said, index)
        if end is None:
            index += 1
            continue
        span, index = end
        yield span


def _name_at(text: str, said: Sequence[Word], index: int) -> tuple[Span, int] | None:
    """The name that begins with this word, and the index of the word after it."""
    start = index + 1 if _titled(text, said, index) else index
    last = _run(text, said, start, titled=start > index)
    if last is None:
        return None
    end = said[last - 1].end
    initial = _INITIAL.match(text, end)
    led = _LED.search(text, 0, said[start].start) if start == index else None
    first = said[index].start - (len(led.group()) if led else 0)
    if initial and said[last - 1].bare not in _NEVER:
        end = initial.end()
        while last < len(said) and said[last].start < end:
            last += 1
    return Span(first, end, "name", text[first:end]), last


def _titled(text: str, said: Sequence[Word], index: int) -> bool:
    word = said[index]
    if word.bare not in _TITLES or index + 1 >= len(said) or not said[index + 1].capital:
        return False
    between = text[word.end : said[index + 1].start]
    if re.fullmatch(r"\.?\s+|\.", between) is None:
        return False
    return word.bare not in _NEED_POINT or (word.capital and said[index + 1].bare not in _NEVER)


def _run(text: str, said: Sequence[Word], index: int, *, titled: bool) -> int | None:
    """The index after the name that begins here; None where there is none."""
    announced = titled or _announced(text, said, index)
    if not _may_begin(said[index], announced=announced) or (not announced and _thing(text, said, index)):
        return None
    last = index + 1
    while last < len(said) and _joins(text, said, last):
        last += 1
    run = said[index:last]
    if announced or _surely(text, said, index, run):
        return last
    return None


def _may_begin(word: Word, *, announced: bool) -> bool:
    if not word.capital or word.bare in _NEVER:
        return False
    if announced:
        return len(word.text) == 1 or not word.listed("ordinary") or word.listed("names")
    return len(word.bare) >= _SHORT and (word.listed("names") or not word.listed("ordinary")) and not _code(word)


def _clear(word: Word) -> bool:
    """In the list of names, and no ordinary word of the language."""
    ordinary = word.listed("ordinary") and word.bare not in _STILL_NAMES
    return (
        word.capital and word.listed("names") and not ordinary and len(word.bare) > _SHORT and word.bare not in _NEVER
    )


def _code(word: Word) -> bool:
    """An abbreviation such as ECG or mRNA: capitals inside or throughout, and no name of the list."""
    inside = any(letter.isupper() for part in re.split(r"['’\-]", word.text) for letter in part[2:])
    return (word.shouted or inside) and not word.listed("names")


def _announced(text: str, said: Sequence[Word], index: int) -> bool:
    if index == 0:
        return False
    before = said[index - 1]
    gap = text[before.end : said[index].start]
    if before.bare in _TOLD and gap.strip() in ("", ":"):
        return True
    if before.bare in ("name", "names") and gap.strip() == ":":
        return True
    if before.bare in ("is", "was") and index > 1 and said[index - 2].bare == "name":
        return True
    return (
        before.bare in _KIN
        and gap.strip() in ("", ",")
        and not said[index].shouted
        and not said[index].listed("ordinary")
    )


def _joins(text: str, said: Sequence[Word], index: int) -> bool:
    """Whether the word at ``index`` continues the name before it."""
    word, before = said[index], said[index - 1]
    gap = text[before.end : word.start]
    if before.text.endswith(("'s", "’s")) or _GAP.fullmatch(gap) is None or "\n" in gap:
        initial = len(before.text) == 1 and re.fullmatch(r"\.\s?", gap) is not None
        return initial and word.capital and (word.listed("names") or not word.listed("ordinary"))
    if word.bare in _PARTICLES and not word.capital:
        follows = next((other for other in said[index + 1 :] if other.bare not in _PARTICLES or other.capital), None)
        # Between the particles of "van der Merwe" stand spaces only.
        between = "" if follows is None else text[word.end : follows.start]
        return follows is not None and follows.capital and re.fullmatch(r"[\s\w]+", between) is not None
    if len(word.text) == 1 and word.capital and index + 1 < len(said):
        return re.fullmatch(r"\.?\s|['’]", text[word.end : said[index + 1].start]) is not None and _may_begin(
            said[index + 1], announced=True
        )
    if not word.capital or len(word.text) == 1 or _code(word) or word.bare in THINGS or word.bare in _CALENDAR:
        return False
    # After what is surely a first name every capital is the family's: Emily White, Jane A. Doe.
    return word.listed("names") or not word.listed("ordinary") or _clear(before)


def _thing(text: str, said: Sequence[Word], index: int) -> bool:
    """Whether this is the name of a disease, a sign or a score, or a double one such as Guillain-Barré."""
    word = said[index]
    parts = word.bare.split("-")
    after = [
        other.bare
        for other in said[index + 1 : index + 4]
        if re.search(r"[.;!?\n]", text[word.end : other.start]) is None
    ]
    if word.bare in EPONYMS or (len(parts) > 1 and any(part in EPONYMS for part in parts)):
        follows = next(iter(after), "")
        return (
            word.text.endswith(("'s", "’s"))
            or not after
            or follows in EPONYMS
            or any(a in THINGS for a in after)
            or (follows not in EPONYMS and not said[index + 1].capital)
        )
    return any(a in THINGS for a in after[:2]) and (
        not word.listed("names") or after[0] in THINGS or not said[index + 1].capital
    )


def _surely(text: str, said: Sequence[Word], index: int, run: Sequence[Word]) -> bool:
    """Whether a run of words that nobody announced is a name."""
    first = run[0]
    known = [word for word in run if word.listed("names")]
    clear = [word for word in known if _clear(word)]
    if any(word.shouted for word in run) and not (len(run) > 1 and len(known) == len(run) and clear):
        return False
    begins = _SENTENCE_END.search(text, 0, first.start) is not None
    if _INITIAL.match(text, run[-1].end) and (clear or (known and not begins)):
        return True
    if len(run) > 1:
        return (
            bool(clear)
            or (len(known) == len(run) and not begins)
            or (all(not word.listed("ordinary") for word in run) and not begins)
        )
    return bool(clear) and first.bare not in EPONYMS and not (begins and first.listed("ordinary"))
