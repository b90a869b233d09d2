"""Simulated people: names put together at random from the world's, addresses that no mail reaches."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_GIVEN = (
    "Adaeze Ahmad Aiko Alejandra Amara Anika Anneli Arjun Aylin Beatriz Birgit Camille Chiara Daniela Deniz Dmitri "
    "Efua Elena Emre Esther Fatima Folasade Freya Gabriela Giulia Grace Hana Hassan Helena Ibrahim Ingrid Isabel "
    "Jasmine Joana Kamala Katarzyna Keiko Kofi Lakshmi Leila Lucia Mahalia Maria Mei Mercy Miriam Nadia Naomi Ngozi "
    "Nilufar Noor Olga Olivia Paula Priya Rachel Rania Rosa Ruth Salma Sanna Shirin Sofia Svetlana Tamar Teresa "
    "Thandiwe Thu Valentina Wanjiru Xiulan Yael Yasmin Yuki Zainab Zofia"
)
_FAMILY = (
    "Abara Acheampong Ahmed Alvarez Andersen Asante Bakker Banerjee Barros Becker Bianchi Castillo Chen Choi Cohen "
    "Costa Diallo Dubois Eriksen Farouk Fernandes Fischer Ganesan Gruber Haddad Hakimi Hansen Ivanova Jimenez "
    "Kaya Keita Kim Kowalska Kumar Laurent Lindqvist Lopez Mahmoud Martin Mbeki Mendes Mensah Moreau Murphy Nakamura "
    "Ndiaye Nguyen Nowak Okafor Olsen Osei Park Patel Pereira Popescu Qureshi Rahman Reyes Romano Rossi Sato Schmidt "
    "Silva Singh Suzuki Tanaka Tran Usman Vargas Virtanen Walker Weber Wong Yilmaz Zhang"
)
GIVEN, FAMILY = tuple(_GIVEN.split()), tuple(_FAMILY.split())
FOCUS = (
    ("Boundaries", "decisions about time, and saying no kindly"),
    ("Leadership", "a first role with people to lead"),
    ("Transitions", "changing post, cutting down, coming back"),
    ("Meaning", "more of the work that made you choose medicine"),
    ("Teams", "hard conversations with colleagues"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """A simulated person."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Physician(Person):
    """A simulated participant: strata as in Kiser's Table 1, and what the story will do with them.

    seed: the answers of this physician come from it alone.
    """

    gender: str
    department_of_medicine: str
    specialty: str
    seed: int


def people(count: int, *, seed: int, after: int = 0) -> list[Person]:
    """`count` different simulated people (of some 6,000), the same ones for the same seed.

    after: leave out as many of the seed's people, whom somebody else has taken.
    """
    rng = np.random.default_rng(seed)
    picked = rng.permutation(len(GIVEN) * len(FAMILY))[after : after + count]
    return [_person(GIVEN[int(k) // len(FAMILY)], FAMILY[int(k) % len(FAMILY)]) for k in picked]


def physicians(count: int, *, seed: int, specialties: Sequence[str], after: int = 0) -> list[Physician]:
    """Simulated participants whose gender and department have the shares of Kiser's 138 (109/27/0/2; 48 of 138)."""
    rng = np.random.default_rng(seed + 1)
    genders = rng.choice(["woman", "man", "prefer_not_to_say"], size=count, p=[109 / 138, 27 / 138, 2 / 138])
    departments = rng.choice(["yes", "no"], size=count, p=[48 / 138, 90 / 138])
    own = rng.choice(list(specialties), size=count)
    return [
        Physician(
            name=person.name,
            email=person.email,
            gender=str(gender),
            department_of_medicine=str(department),
            specialty=str(specialty),
            seed=int(rng.integers(2**31)),
        )
        for person, gender, department, specialty in zip(
            people(count, seed=seed, after=after), genders, departments, own, strict=True
        )
    ]


def _person(given: str, family: str) -> Person:
    return Person(name=f"{given} {family}", email=f"{given}.{family}@physicians.example".lower())
