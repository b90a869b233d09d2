"""Where somebody lives or is treated: addresses, hospitals, towns, rooms. A state alone is no identifier."""

import re
from collections.abc import Iterator, Sequence

from confrere.science.identifiers.eponyms import EPONYMS, THINGS
from confrere.science.identifiers.spans import Span
from confrere.science.identifiers.words import Word, listed, plain, word_set

_STATE = (
    r"(?:A[LKZR]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT"
    r"|V[AT]|W[AIVY])\b"
)
_STATES = (
    r"(?:Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho"
    r"|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi"
    r"|Missouri|Montana|Nebraska|Nevada|New (?:Hampshire|Jersey|Mexico|York)|North (?:Carolina|Dakota)|Ohio|Oklahoma"
    r"|Oregon|Pennsylvania|Rhode Island|South (?:Carolina|Dakota)|Tennessee|Texas|Utah|Vermont|(?:West )?Virginia"
    r"|Washington|Wisconsin|Wyoming)\b"
)
_STATE_NAME = re.compile(rf"{_STATES}|Mexico|Georgia|Jordan|Cuba|Panama|Guatemala|Luxembourg|Singapore")
_CAP = r"(?:(?:St|Mt|Ft)\.?|[A-Z][\w&]{0,30}(?:['’\-][A-Za-z]{1,30}){0,3}+(?![\w'’\-]))"
_ZIP = r"(?:\s+\d{5}(?:-\d{4})?\b)?"
_TAIL = rf"(?:(?:,|\s+in|\s+of)?\s+{_CAP}(?:\s{_CAP}){{0,2}})?(?:,?\s+(?:{_STATE}|{_STATES}))?{_ZIP}"
_STREET = (
    r"(?:St(?:reet)?|Ave(?:nue)?|R(?:oa)?d|Blvd|Boulevard|L(?:a)?ne?|Dr(?:ive)?|C(?:our)?t|Pl(?:ace)?|Way|Terrace"
    r"|H(?:igh)?wa?y|P(?:ar)?kwa?y|Circle|Square|Sq|Lane|Strasse|Straße)\b\.?"
)
_ADDRESSES = tuple(
    re.compile(said)
    for said in (
        rf"\b\d{{1,6}}[A-Za-z]?\s+(?:[NSEW]\.?\s+)?(?:{_CAP}\s+){{1,4}}{_STREET}{_TAIL}",
        rf"\b(?:\d+(?:st|nd|rd|th)|{_CAP})\s+(?i:street|avenue|boulevard|road)\b(?:\s+(?i:clinic|hospital))?{_TAIL}",
        rf"\bP\.?\s?O\.?\s?Box\s+\d+{_TAIL}",
        rf"\b{_CAP}(?:\s{_CAP}){{0,2}},\s*(?:{_STATE}|{_STATES})(?:\s+\d{{5}}(?:-\d{{4}})?\b)?",
        rf"\b(?:{_STATE}|{_STATES})\s+\d{{5}}(?:-\d{{4}})?\b",
        r"\b(?i:zip(?:\s?code)?|postal code|postcode)\s*:?\s*\d{5}(?:-\d{4})?\b",
        r"\b(?i:room|rm|bed|ward|bay|suite|apt|apartment|unit)\.?\s?\#?\s?\d{1,4}-?[A-Za-z]?\b(?!\s?(?i:mg|ml|units?|%))",
        r"\b(?:[A-Z][\w'’\-]+\s){1,2}(?:County|Parish|Township|Borough)\b",
    )
)
#: A house of care, by the word that names it.
_HOUSE = (
    r"(?:(?i:hospitals?|hosp\b\.?|infirmary|hospice|nursing\s+home|clinics?|facility|sanatorium)"
    r"|(?i:med(?:ical)?)\.?\s+(?i:c(?:e)?nt(?:e)?r\b\.?|centre|ctr\b\.?|group|school|college|campus)"
    r"|(?:[A-Z]\w+\s+)?(?:Cent(?:er|re))|Health(?:\s?[Cc]are|\s?[Cc]enter|\s+System|\s+Network)?(?:\s+Clinic)?|Medicine|Medical|Med\b\.?|General"
    r"|University|College|School|Institute|VAMC|VA|(?i:office))"
)
_CARE = re.compile(
    rf"\b{_CAP}(?:,?\s{{1,2}}(?:(?:of|and|the|for|&)\s+)?{_CAP}){{0,4}}?\s+{_HOUSE}(?![\w'’])"
    rf"(?:\s+(?:of|in|at)(?:\s+the)?\s+{_CAP}(?:\s{_CAP}){{0,2}}|,?\s+(?!(?:I|The|He|She)\b)(?:{_CAP})(?:\s{_CAP}){{0,1}})?(?:,\s*(?:{_STATE}|{_STATES}))?"
)
_BARE = re.compile(r"\b(?i:(?:county|city|community|children['’]?s|women['’]?s|general|memorial) hospital)\b")
_SAINT = re.compile(
    r"\b(?:St|Saint|Mt|Mount|San|Santa|Beth|Our Lady of)\.?\s+[A-Z][a-z]+(?:['’]s)?(?:\s[A-Z][a-z]+(?:['’]s)?)?"
)
#: What describes a house without naming it: an outpatient clinic is no address.
GENERIC = word_set(
    "a an the outpatient inpatient walk urgent emergency primary care pain memory sleep wound heart failure stroke"
    " diabetes diabetic cancer oncology hematology cardiology neurology dermatology psychiatry surgery surgical"
    " pediatric pediatrics obstetric gynecology anticoagulation coumadin warfarin fertility travel dental eye"
    " mental behavioral public global home rural academic tertiary teaching district local national internal family"
    " general physical sports occupational nuclear evidence complementary alternative nursing skilled day same"
    " rehabilitation rehab trauma burn transplant infusion dialysis imaging radiology allergy asthma women men our"
    " his her their my this that any some new old free private high middle medical in at from of and to with for"
    " pulmonary orthopedic orthopaedic medicine maintenance state university hospital health neurooncology urology"
    " gynecology endocrinology nephrology rheumatology gastroenterology immunology infectious disease correctional"
    " care community department sample hand foot spine eye ear nose throat bone joint breast skin kidney liver lung"
    " both all no is was has had he she it patient i we you if when after before preventive emergent world veterans"
    " what which how best current recommended treatment management guidelines follow"
)
_INSTITUTIONS = (
    r"Johns?\s+Hopkins|Cedars?[\s\-]Sinai|Mayo(?:\s+Clinic)?|Cleveland\s+Clinic|New\s?York[\s\-]Presbyterian"
    r"|NY\s+Presbyterian|Columbia\s+Presbyterian|Mount\s+Sinai|Mt\.?\s+Sinai|Mass(?:achusetts)?\s+General"
    r"|Brigham(?:\s+and\s+Women['’]s)?|Beth\s+Israel(?:\s+Deaconess)?|Dana[\s\-]Farber|(?:Memorial\s+)?Sloan[\s\-]Kettering"
    r"|MD\s+Anderson|NYU(?:\s+Langone)?|Langone|UCSF|UCLA|UCSD|UPMC|UAB|UNC|UVA|UWMC|UW\s+Med(?:icine)?|OHSU|MGH|BIDMC|MSKCC"
    r"|CHOP|HUP|Kaiser(?:\s+Permanente)?|Stanford|Vanderbilt|Baylor|Emory|Northwestern|Rush|Yale(?:[\s\-]New\s+Haven)?"
    r"|Duke|Penn\s+Medicine|Jefferson|Geisinger|Intermountain|Montefiore|Bellevue|Scripps|Cedar\s+Crest|Barnes[\s\-]Jewish"
    r"|Tufts|Lahey|Dartmouth[\s\-]Hitchcock|Harborview|Bayview|Baystate|Ochsner|Sutter|Sharp|Providence|Ascension"
    r"|Mercy|Tricare|Walter\s+Reed|Hadassah|Charit[eé]|Karolinska|Addenbrooke['’]s|Guy['’]s|Barts|Royal\s+Free|SickKids"
)
_KNOWN = re.compile(rf"\b(?:{_INSTITUTIONS})\b(?:,\s*{_CAP}|\s+{_HOUSE})?")
#: Everyday words and surnames among the institutions: alone they say nothing.
_WEAK = frozenset(
    {"rush", "duke", "jefferson", "sharp", "providence", "ascension", "mercy", "barts", "guy's", "brigham"}
)
_TOWNS = re.compile(
    r"\b(?:NYC|New York(?:\s+City)?|Los Angeles)\b|(?<=\bin )(?:LA|SF|DC|Philly|Vegas)\b|(?<=, )(?:LA|DC)\b"
)
_BEFORE = word_set("in at from near outside around visiting lives living to of through downtown")
_LONGEST_TOWN = 3
_SHORTEST_TOWN = 4


def places(text: str, said: Sequence[Word]) -> Iterator[Span]:
    """Spans of kind ``place``; ``said`` are the words of the text."""
    for pattern in (*_ADDRESSES, _BARE, _TOWNS):
        for match in pattern.finditer(text):
            if not _study(text, match.end()):
                yield _span(text, match.start(), match.end())
    for match in _KNOWN.finditer(text):
        if plain(match.group()) not in _WEAK and not _study(text, match.end()):
            yield _span(text, match.start(), match.end())
    for match in _SAINT.finditer(text):
        last = plain(match.group().split()[-1]).removesuffix("'s")
        if last not in THINGS and not _study(text, match.end()):
            yield _span(text, match.start(), match.end())
    yield from _houses(text)
    yield from _towns(text, said)


def _span(text: str, start: int, end: int) -> Span:
    return Span(start, end, "place", text[start:end])


def _study(text: str, end: int) -> bool:
    """Whether a thing of medicine follows: "Framingham Heart Study", "Ottawa rules"."""
    after = re.match(r"\s+(\w+)(?:\s+(\w+))?", text[end : end + 60])
    return after is not None and any(word and plain(word) in THINGS for word in after.groups())


def _houses(text: str) -> Iterator[Span]:
    for match in _CARE.finditer(text):
        start = match.start()
        named = list(re.finditer(r"[\w'’&]+\.?", match.group()))
        # "The Outpatient Clinic" names nothing; "At Elmwood Clinic" begins one word later.
        while named and plain(named[0].group().rstrip(".")) in GENERIC - {"general"}:
            named.pop(0)
        if len(named) > 1 and not _study(text, match.end()):
            yield _span(text, start + named[0].start(), match.end())


def _towns(text: str, said: Sequence[Word]) -> Iterator[Span]:
    known, ordinary = listed("cities"), listed("ordinary")
    for index, first in enumerate(said):
        if not first.capital:
            continue
        for length in range(min(_LONGEST_TOWN, len(said) - index), 0, -1):
            run = said[index : index + length]
            town = " ".join(word.bare for word in run)
            if town not in known or any(not word.capital for word in run):
                continue
            told = index > 0 and said[index - 1].bare in _BEFORE
            # Florence, Austin and Mary are towns too; alone they are left to the finder of names.
            alone = first.bare in ordinary or first.bare in EPONYMS or first.listed("names")
            sure = length > 1 or not alone
            if _STATE_NAME.fullmatch(text, first.start, run[-1].end) or (
                length == 1 and sum(map(str.isupper, first.text)) > 1
            ):
                continue
            if (sure or told) and len(town) >= _SHORTEST_TOWN and not run[0].shouted and not _study(text, run[-1].end):
                yield _span(text, first.start, run[-1].end)
                break
