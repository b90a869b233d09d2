"""Spellings of one person's name, from many parts of the world; and of two persons' names."""

import pytest

from confrere.people.registers.names import Name, folded, same_person

#: (first name, last name) as typed; (last, first, middle) as the register has it.
SAME = [
    ("Jürgen", "Müller", "MUELLER", "JUERGEN", ""),
    ("Jurgen", "Muller", "MÜLLER", "JÜRGEN", ""),
    ("Søren", "Sørensen", "SOERENSEN", "SOEREN", ""),
    ("Soren", "Sorensen", "SØRENSEN", "SØREN", ""),
    ("Åse", "Bråten", "BRAATEN", "AASE", ""),
    ("Łukasz", "Wałęsa", "WALESA", "LUKASZ", ""),
    ("José", "García Márquez", "GARCIA", "JOSE", ""),
    ("José", "García", "GARCIA MARQUEZ", "JOSE", "LUIS"),
    ("María José", "de la Cruz", "DE LA CRUZ", "MARIA", "JOSE"),
    ("Anna-Lena", "Strauß", "STRAUSS", "ANNA LENA", ""),
    ("Siobhán", "O’Brien", "OBRIEN", "SIOBHAN", ""),
    ("Siobhan", "O'Brien-Walsh", "WALSH", "SIOBHAN", ""),
    ("Kimberly", "Hodge-Spears", "HODGE SPEARS", "KIMBERLY", "N"),
    ("Văn An", "Nguyễn", "NGUYEN", "AN", "VAN"),
    ("Nguyễn", "Văn An", "NGUYEN", "AN", "VAN"),
    ("Ji-woo", "Kim", "KIM", "JI WOO", ""),
    ("Kim", "Ji-woo", "KIM", "JI", "WOO"),
    ("Wei", "Ng", "NG", "WEI", ""),
    ("Xuân", "Le", "LE", "XUAN", ""),
    ("Md", "Rahman", "RAHMAN", "MD", ""),
    ("Minh", "Do", "DO", "MINH", ""),
    ("", "Suharto", "SUHARTO", "FNU", ""),
    ("Suharto", "", "LNU", "SUHARTO", ""),
    ("Abd al-Rahman", "ibn Khaldūn", "IBN KHALDUN", "ABD AL RAHMAN", ""),
    ("Ngozi", "Adichie", "ADICHIE", "CHIMAMANDA", "NGOZI"),
    ("Dr. Ama", "Osei Jr.", "OSEI", "AMA", ""),
    ("Ama", "Osei", "Osei", "A.", ""),
    ("Ólafur", "Þórðarson", "THORDARSON", "OLAFUR", ""),
    ("Đorđe", "Đoković", "DOKOVIC", "DORDE", ""),
    ("Işıl", "Yıldız", "YILDIZ", "ISIL", ""),
    ("Алексей", "Иванов", "ИВАНОВ", "АЛЕКСЕЙ", ""),
]
OTHERS = [
    ("Bob", "Osei", "OSEI", "ROBERT", ""),
    ("Ama", "Mensah", "OSEI", "AMA", ""),
    ("Kofi", "Osei", "OSEI", "AMA", ""),
    ("A", "Osei", "OSEI", "AMA", ""),
    ("Maria", "de la Rosa", "DE LA CRUZ", "MARIA", ""),
    ("Jan", "van den Berg", "VAN DEN BOSCH", "JAN", ""),
    ("Jan", "van", "VAN DEN BERG", "JAN", ""),
    ("", "", "OSEI", "AMA", ""),
    ("", "Osei", "OSEI", "AMA", ""),
    ("Ama", "", "OSEI", "AMA", ""),
    ("Ama", "Osei", "", "", ""),
    ("Ama", "Osei", "OSEI", "B.", ""),
    ("!!", "??", "OSEI", "AMA", ""),
]


@pytest.mark.parametrize(("given", "family", "last", "first", "middle"), SAME)
def test_one_person_spelt_in_two_ways(given: str, family: str, last: str, first: str, middle: str) -> None:
    assert same_person(given=given, family=family, listed=[Name(last, first, middle)])


@pytest.mark.parametrize(("given", "family", "last", "first", "middle"), OTHERS)
def test_two_persons(given: str, family: str, last: str, first: str, middle: str) -> None:
    assert not same_person(given=given, family=family, listed=[Name(last, first, middle)])


def test_a_former_name_counts_where_the_register_lists_it() -> None:
    listed = [Name("COSTA", "LAURA", "M"), Name("SCHULTZ", "LAURA", "M")]
    assert same_person(given="Laura", family="Schultz", listed=listed)
    assert not same_person(given="Laura", family="Schultz", listed=listed[:1])


def test_a_name_for_looking_up_forgets_order_and_marks() -> None:
    assert folded("José García") == folded("GARCIA, JOSE") == "garcia jose"
    assert str(Name("Osei", "Ama", "B")) == "Ama B Osei"
