"""Words in which somebody says that they cannot bear it any longer. Pure; nothing is kept of what is looked at.

Whoever writes them sees at once where help answers; the text is neither held nor marked nor counted. Only the first
person counts: colleagues write about suicidal patients every day. It is a short list and misses much.
"""

import re
from typing import Final

#: What is said of oneself, in small letters, with straight apostrophes; the page's script reads the same list.
PHRASES: Final = (
    "i want to die",
    "i wish i were dead",
    "i wish i was dead",
    "i would be better off dead",
    "i'd be better off dead",
    "better off without me",
    "i want to kill myself",
    "i will kill myself",
    "i'm going to kill myself",
    "i am going to kill myself",
    "killing myself",
    "end my life",
    "ending my life",
    "take my own life",
    "taking my own life",
    "i am suicidal",
    "i'm suicidal",
    "my suicide",
    "suicidal myself",
    "hurt myself",
    "harm myself",
    "i don't want to live",
    "i do not want to live",
    "i don't want to be here any more",
    "i can't go on",
    "i cannot go on",
    "i can't bear it any longer",
    "i cannot bear it any longer",
    "no reason to live",
    "nothing left to live for",
)
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"})  # what phones type
_WORDS = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, PHRASES))})(?!\w)")


def sounds_like_distress(*texts: str) -> bool:
    """Whether any of these texts holds one of the phrases, in any letter case and across line ends."""
    return any(_WORDS.search(" ".join(text.casefold().translate(_APOSTROPHES).split())) for text in texts)
