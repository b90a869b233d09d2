"""Reading the lounge: lists by key, the same few queries however much there is."""

from confrere.lounge.queries.lists import PAGE, Line, Page, bookmarks, questions
from confrere.lounge.queries.own import Mine, draft, frame, news_for_me, today, waits_for_me
from confrere.lounge.queries.search_line import Search, parse
from confrere.lounge.queries.searching import Found, Hit, alike, month, search
from confrere.lounge.queries.specialties import Place, by_nucc, family, labels, names, open_ones, places
from confrere.lounge.queries.threads import (
    POSTS,
    Ballot,
    Given,
    Thread,
    ballot,
    post,
    question,
    quoted,
    revisions,
    thread,
)
from confrere.lounge.queries.withheld import holders, unmasking, unmaskings
from confrere.people.roles import Role

#: Who has the lounge among their places; a valid credential is asked for beside the role.
MEMBERS = frozenset({Role.PARTICIPANT, Role.COACH, Role.MODERATOR})

__all__ = [
    "MEMBERS",
    "PAGE",
    "POSTS",
    "Ballot",
    "Found",
    "Given",
    "Hit",
    "Line",
    "Mine",
    "Page",
    "Place",
    "Search",
    "Thread",
    "alike",
    "ballot",
    "bookmarks",
    "by_nucc",
    "draft",
    "family",
    "frame",
    "holders",
    "labels",
    "month",
    "names",
    "news_for_me",
    "open_ones",
    "parse",
    "places",
    "post",
    "question",
    "questions",
    "quoted",
    "revisions",
    "search",
    "thread",
    "today",
    "unmasking",
    "unmaskings",
    "waits_for_me",
]
