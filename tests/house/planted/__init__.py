"""A town in which every word that somebody could read is a canary: a word that stands nowhere else.

Each is known with the field that holds it, whom it is about, and whom that person meets. Made by the rooms' own verbs
where they take words, and by rows where they do not.
"""

from tests.house.planted.town import Canary, Planted
from tests.house.planted.whole import plant

__all__ = ["Canary", "Planted", "plant"]
