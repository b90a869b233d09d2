"""What people are written about their place. Subjects say nothing about coaching."""

from django.utils.translation import gettext as _

type Letter = tuple[str, str]


def offered(*, home: str, until: str) -> Letter:
    """A place is kept for the next in line, or for whoever drew one."""
    return (
        _("Something is free for you"),
        _(
            "A place is free for you. It is kept until the end of %(until)s; say on your page whether you take it:"
            "\n\n%(home)s\n\n"
            "After that day it goes to the next in line by itself.\n"
        )
        % {"until": until, "home": home},
    )


def lapsed(*, home: str) -> Letter:
    """The offer's day has passed."""
    return (
        _("Your place has gone on"),
        _(
            "A place was kept for you, and the day has passed. It has gone to the next in line. You need not do "
            "anything. If you would still like one, ask again on your page; you then wait behind the others:"
            "\n\n%(home)s\n"
        )
        % {"home": home},
    )


def taken(*, home: str, since: str, until: str) -> Letter:
    """The place is theirs; from when until when they can book."""
    return (
        _("You can choose a time"),
        _(
            "Your coaching is yours from %(since)s until %(until)s. Choose your coach and a time that suits you:"
            "\n\n%(home)s\n\n"
            "What you say there is written down nowhere. Coaching is not care: in a crisis call or text 988.\n"
        )
        % {"since": since, "until": until, "home": home},
    )
