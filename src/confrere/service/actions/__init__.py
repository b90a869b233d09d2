"""The verbs of this room: prepare, open, join, take, leave, draw lots, follow up, report, end."""

from confrere.service.actions.ending import end_service, erase_places
from confrere.service.actions.following import catch_up, follow_up
from confrere.service.actions.joining import join, leave, take
from confrere.service.actions.lotteries import draw_lottery
from confrere.service.actions.places import move_on
from confrere.service.actions.preparing import add_intake, open_service, prepare, write_terms
from confrere.service.actions.reading import read_names
from confrere.service.actions.reporting import make_report

__all__ = [
    "add_intake",
    "catch_up",
    "draw_lottery",
    "end_service",
    "erase_places",
    "follow_up",
    "join",
    "leave",
    "make_report",
    "move_on",
    "open_service",
    "prepare",
    "read_names",
    "take",
    "write_terms",
]
