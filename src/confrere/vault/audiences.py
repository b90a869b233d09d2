"""Who can reach a class of data, and the words in which the visibility chip says so.

`readers` names everyone who can read it in clear: `self` is the person it is about, `other` the person they meet,
`member` a verified member of the lounge, `recipient` whoever a mail goes to, `keeper` the two people who together
can use the link key; the rest are roles. The operators run the server: whatever is not encrypted, they could read,
so they stand here too, whether or not a page shows it to them.
"""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Words = str | Promise


@dataclass(frozen=True, slots=True)
class Audience:
    """Who can reach it, and how that is said.

    sentence: what the chip says; `%(name)s` stands for the chip's optional word, where `named` has another one.
    icon: a name that the chip part of web/ui.html knows.
    """

    icon: str
    sentence: Words
    readers: frozenset[str]
    named: Words = ""


def _of(icon: str, sentence: Words, readers: str = "", *, named: Words = "") -> Audience:
    return Audience(icon=icon, sentence=sentence, readers=frozenset(readers.split()), named=named)


AUDIENCES: Final[dict[str, Audience]] = {
    "self": _of("lock", _("Only you, and who runs the server"), "self operator"),
    "sealed": _of("lock", _("Only you; the server keeps what it cannot read"), "self"),
    "shown": _of("pair", _("You and your coach, if you show it"), "self other"),
    "met": _of(
        "group",
        _("You, the people you meet here, and the programme's staff"),
        "self other member coordinator director moderator operator",
    ),
    "door": _of("lock", _("Nobody reads it: it only lets you in"), "operator"),
    "staff": _of("group", _("You and the programme's staff"), "self coordinator director operator"),
    "verified": _of(
        "group",
        _("You and who checked it; members see that you are verified"),
        "self coordinator moderator operator",
    ),
    "rostered": _of(
        "group",
        _("You and the programme's staff, to send you a link; members never see it"),
        "self coordinator moderator operator",
    ),
    "badge": _of("group", _("Two moderators who look at it; erased within 72 hours"), "self moderator operator"),
    "register": _of("open", _("Public: copied from an official register"), "self coordinator moderator operator"),
    "recruits": _of(
        "group",
        _("The programme's coordinators, to announce the study; erased after recruitment"),
        "self coordinator director operator",
    ),
    "consent": _of(
        "group", _("You and the study's coordinators, with your name"), "self coordinator director operator"
    ),
    "keepers": _of("lock", _("Nobody without the key; two named people can use it"), "keeper"),
    "coded": _of(
        "code",
        _("Study team, under a code; two named people can link it"),
        "self statistician coordinator operator keeper",
    ),
    "pulse": _of("group", _("Nobody knows whose it is; everyone here sees groups of five or more"), "operator"),
    "frozen": _of(
        "code",
        _("Study team, under a code; others see groups of five or more"),
        "statistician director operator keeper",
    ),
    "handed_out": _of("group", _("You, the study's statistician and director"), "self statistician director operator"),
    "release": _of(
        "group", _("Leaders and the study team; groups of five or more"), "leader director statistician operator keeper"
    ),
    "programme": _of(
        "open",
        _("Everyone in the programme"),
        "participant coach coordinator director statistician leader moderator operator",
    ),
    "participants": _of(
        "group", _("Participants of the programme"), "self participant coach coordinator director operator"
    ),
    "unseen": _of("lock", _("Nobody: only a check sum is kept; who runs the server could try names"), "operator"),
    "pair": _of("pair", _("You and the one you meet, until it is erased"), "self other operator"),
    "gathered": _of(
        "group",
        _("Those who are in the group or may join it, and the programme's staff"),
        "self other participant coach coordinator director operator",
    ),
    "grant": _of("pair", _("You and the coordinator"), "self coordinator operator"),
    "pay": _of("group", _("The coach and who pays; no participant is named"), "self coordinator director operator"),
    "lounge": _of("group", _("Everyone in the lounge"), "member moderator operator", named=_("Members of %(name)s")),
    "moderation": _of("group", _("You, the lounge's moderators and the operators"), "self moderator operator"),
    "mail": _of(
        "mail",
        _("Goes out by e-mail; the recipient's mail system keeps it"),
        "recipient operator",
        named=_("Goes to %(name)s by e-mail; their mail system keeps it"),
    ),
    "seal": _of("lock", _("Nobody: check sums only"), "operator"),
    "hold": _of("lock", _("The director and the operators, who decide on it"), "director operator"),
    "team": _of(
        "group",
        _("The study team, who write no clinical detail here"),
        "self director coordinator statistician operator",
    ),
    "trace": _of("lock", _("The operators, to show who did what"), "operator"),
    "nobody": _of("lock", _("Nobody: nothing about a person"), "operator"),
    "nothing": _of("none", _("Nobody: nothing is stored")),
}
