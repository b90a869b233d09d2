"""Lists as people have them: what is read, what is wrong and where."""

import pytest

from confrere.trial.address_list import MOST_LINES, Entry, Wrong, read_list

NO_ADDRESS = "No address was found."
NOT_ONE = "This is not an e-mail address. It should read like name@hospital.org."
TOO_LONG = "This is too long for a name and an address."


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("Ama Osei, Ama.Osei@Example.org", Entry("Ama Osei", "ama.osei@example.org")),
        ("ama@example.org;Ama Osei", Entry("Ama Osei", "ama@example.org")),
        ("Osei\tAma\tama@example.org", Entry("Osei Ama", "ama@example.org")),
        ('"Osei, Ama",ama@example.org', Entry("Osei, Ama", "ama@example.org")),
        ("Ama Osei <ama@example.org>", Entry("Ama Osei", "ama@example.org")),
        ("  ama@example.org  ", Entry("", "ama@example.org")),
    ],
)
def test_a_line_in_many_forms_is_one_person(line: str, entry: Entry) -> None:
    assert read_list(line).entries == (entry,)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Ama Osei", NO_ADDRESS),
        ("a@example.org, b@example.org", "More than one address stands here."),
        ("Ama, ama@example", NOT_ONE),
        ("Ama <ama at example.org>", NOT_ONE),
        (f"{'A' * 201}, ama@example.org", TOO_LONG),
    ],
)
def test_a_wrong_line_is_named_and_the_others_are_read(line: str, reason: str) -> None:
    read = read_list(f"Name,Address\n\n{line}\nb@example.org\nB@Example.org")
    assert (read.wrong, read.duplicates) == ((Wrong(3, reason),), 1)
    assert read.entries == (Entry("", "b@example.org"),)


def test_a_mark_of_byte_order_and_a_heading_are_no_people() -> None:
    assert read_list("\ufeffname;mail\nA;a@example.org").entries == (Entry("A", "a@example.org"),)
    assert read_list("\ufeffa@example.org").entries == (Entry("", "a@example.org"),)


def test_another_file_by_mistake_is_not_read() -> None:
    read = read_list("x\n" * (MOST_LINES + 1))
    assert (read.entries, len(read.wrong), read.wrong[0].line) == ((), 1, MOST_LINES + 1)
