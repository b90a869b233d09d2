"""What is found, as a table: a sentence, and what of it points at somebody."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.science.identifiers.world import NAMES, SENTENCES

from confrere.science.identifiers import KINDS, find

#: In brackets what must be found, then its kind. A sentence without brackets must stay free of findings.
FOUND = [
    ("Discussed with [Dr. Osei] about the biopsy.", "name"),
    ("Discussed with [Dr. A. Barnes] about the biopsy.", "name"),
    ("She is called [Wrenna] by everyone.", "name"),
    ("Name: [Xiomarra Quellon], for review.", "name"),
    ("Her name is [Bright Asante].", "name"),
    ("His wife [Annika] called.", "name"),
    ("Asked by [John D.] after the visit.", "name"),
    ("[Robert G] was seen twice.", "name"),
    ("We met [Alice K. Smith] there.", "name"),
    ("We met [Pieter van der Merwe] there.", "name"),
    ("We met [Cillian O’Sullivan] there.", "name"),
    ("Note by [MARIA GONZALEZ], reviewed.", "name"),
    ("I reviewed [John]'s notes.", "name"),
    ("She lives at [12 Elm Street, Springfield, IL 62704] now.", "place"),
    ("Seen at [St. Mary's Hospital] twice.", "place"),
    ("Seen at [Elmwood Clinic in Boston] twice.", "place"),
    ("Sent from [Johns Hopkins] yesterday.", "place"),
    ("She works at [Mount Sinai] still.", "place"),
    ("Moved to [Wichita] in spring.", "place"),
    ("Moved to [San Francisco] in spring.", "place"),
    ("He comes from [Tacoma, WA 98402] originally.", "place"),
    ("Seen in the [NYC] area.", "place"),
    ("She lies in [room 412] now.", "place"),
    ("He grew up in [Kern County] there.", "place"),
    ("Mail to [P.O. Box 77].", "place"),
    ("In the [county hospital] nobody knew.", "place"),
    ("Surgery on [March 3rd, 2024] went well.", "date"),
    ("Surgery on [3 March 2024] went well.", "date"),
    ("Surgery on [2024-03-03] went well.", "date"),
    ("Surgery on [03/03/24] went well.", "date"),
    ("Since [April 2023] worse.", "date"),
    ("Worse since last [July], then stable.", "date"),
    ("Seen on [3/14] in clinic.", "date"),
    ("Last film [07/2021] was normal.", "date"),
    ("[DOB 1943], smoker.", "date"),
    ("A [92-year]-old with a fall.", "age"),
    ("A [101 yo] with a fall.", "age"),
    ("Died [aged 95] at home.", "age"),
    ("This [nonagenarian] walks daily.", "age"),
    ("A [ninety-two-year-old] with a fall.", "age"),
    ("Call [415-555-0134] tonight.", "phone"),
    ("Call [(415) 555-0134] tonight.", "phone"),
    ("Reach me at [+44 20 7946 0958] tonight.", "phone"),
    ("Phone: [5550134] at night.", "phone"),
    ("Fax [415-555-0135] please.", "fax"),
    ("Write to [jane.doe@example.org] please.", "email"),
    ("SSN [078-05-1120] was on the form.", "ssn"),
    ("MRN: [CS-789123] on the label.", "record-number"),
    ("Medical record number [998877] on the label.", "record-number"),
    ("Insurance policy [ZY-678912] lapsed.", "plan-number"),
    ("Account no. [9876543210] unpaid.", "account-number"),
    ("License number [CLN-112233] checked.", "licence-number"),
    ("VIN [1HGCM82633A004352] of the car.", "vehicle"),
    ("Pacemaker serial number [PM-4471290] failed.", "device"),
    ("Address [00:1B:44:11:3A:B7] of the monitor.", "device"),
    ("See [https://example.org/p?id=7] for it.", "url"),
    ("From [192.168.17.1] last night.", "ip-address"),
    ("From [2001:db8:85a3:8d3:1319:8a2e:370:7348] last night.", "ip-address"),
    ("Patient ID [ABCD1234] on file.", "other-number"),
    ("Label [QX-556677] on the tube.", "other-number"),
    ("Label [QXR556677] on the tube.", "other-number"),
    ("Order [4471290] of the lab.", "other-number"),
    ("It reads [112-45-789] below.", "other-number"),
    ("It reads #[4471] below.", "other-number"),
]
CLEAN = [
    "A 67-year-old man with Parkinson's disease and a Wells score of 3.",
    "Guillain-Barré syndrome after a Coxsackie B infection; vitamin D 30 ng/mL.",
    "According to the Framingham Heart Study and the Ottawa rules, no film is needed.",
    "Is Humira better than Enbrel in rheumatoid arthritis diagnosed in 2021?",
    "Troponin 3.2, creatinine 1.8 mg/dL, platelets 250000/uL, BP 120/80, SpO2 94%.",
    "Would you give 100000 units of nystatin, or 1000000 IU of penicillin?",
    "Pain 7/10 on Monday, strength 4/5 in both arms, vision 20/40.",
    "She may 5 days later need dialysis; we march 3 times a day.",
    "Follow-up in the outpatient clinic; the Pain Clinic declined.",
    "He scored 92 of 100; survival is 90 years ago in doubt.",
    "Group 2b-1 of the trial had an ECG, an MRI and CYP2D6 testing.",
    "The patient, an African American woman, takes Tylenol and Allegra.",
    "Gravida 2, Para 2. Apgar 9 and 10. Glasgow Coma Scale 15.",
    "What does NICE say about DVT prophylaxis in COVID-19?",
    "Reduce the dose by 50% and recheck in 6 weeks.",
    "A Babinski sign on the left; Hashimoto's was excluded.",
    "Case no. A-1-2b, group B-12-x, a St. Jude valve, in the Rush hour.",
    "By the New York equation and its index.",
    "",
    "…",
]


@pytest.mark.parametrize(("marked", "kind"), FOUND)
def test_what_points_at_somebody_is_found_whole(marked: str, kind: str) -> None:
    start, end = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "").replace("]", "")
    spans = find(text)
    assert [span.kind for span in spans] == [kind]
    covered = spans[0]
    assert covered.start <= start
    assert covered.end >= end
    # Not much more than that: a label or a title at most.
    assert covered.end - covered.start <= end - start + 8


@pytest.mark.parametrize("text", CLEAN)
def test_what_points_at_nobody_is_left_alone(text: str) -> None:
    assert find(text) == ()


@pytest.mark.parametrize("people", NAMES)
def test_names_of_the_world_are_found_alike(people: str) -> None:
    tried = [(sentence.format(name), name) for name in NAMES[people] for sentence in SENTENCES]
    whole = sum(_covers(text, name) for text, name in tried)
    # The worst group is the one we tell of in the manual: 13 of 20.
    assert whole >= 0.65 * len(tried)


def test_nine_in_ten_names_of_the_world_are_found() -> None:
    tried = [(s.format(name), name) for names in NAMES.values() for name in names for s in SENTENCES]
    assert sum(_covers(text, name) for text, name in tried) >= 0.97 * len(tried)


def _covers(text: str, name: str) -> bool:
    start = text.index(name)
    covered = {place for span in find(text) for place in range(span.start, span.end)}
    return all(place in covered for place in range(start, start + len(name)) if text[place].isalpha())


@given(st.text(max_size=300))
def test_spans_are_in_order_apart_and_true_to_the_text(text: str) -> None:
    spans = find(text)
    ends = [0, *(span.end for span in spans)]
    for span, before in zip(spans, ends, strict=False):
        assert before <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text
        assert span.kind in KINDS


@pytest.mark.parametrize("piece", ["A. ", "van der ", "1234-", "John ", "Dr. ", "St. Mary ", "1" * 50, "a@b.", "# "])
def test_a_long_and_odd_text_ends(piece: str) -> None:
    assert isinstance(find(piece * (4_000 // len(piece))), tuple)


SHARED = Path(os.environ.get("CONFRERE_SHARED", Path(__file__).parents[4] / "shared"))
ASQ = SHARED / "data/phi/asq_phi_half_a.jsonl"


@pytest.mark.skipif(not ASQ.exists(), reason="The questions of ASQ-PHI are not here.")
def test_questions_of_others_keep_the_published_rates() -> None:
    rows = [json.loads(line) for line in ASQ.read_text(encoding="utf-8").splitlines()]
    values = [(row["text"], one["value"]) for row in rows for one in row["phi"]]
    touched = [any(v in s.text or s.text in v for s in find(text)) for text, v in values]
    clean = [row["text"] for row in rows if not row["phi"]]
    assert sum(touched) / len(touched) >= 0.98
    assert sum(bool(find(text)) for text in clean) / len(clean) <= 0.05
