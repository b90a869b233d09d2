"""What a participant is written about the draw. Subjects say nothing about a study or an arm."""

from django.utils.translation import gettext as _

type Letter = tuple[str, str]


def coaching_open(*, home: str, until: str) -> Letter:
    """Coaching can be booked: at once, or after the delay."""
    return (
        _("You can choose a time"),
        _(
            "Your coaching is open. Choose your coach and a time that suits you, until %(until)s:\n\n%(home)s\n\n"
            "What you say there is written down nowhere. Coaching is not care: in a crisis call or text 988.\n"
        )
        % {"until": until, "home": home},
    )


def not_coached(*, home: str) -> Letter:
    """The draw gave no coaching, now or later."""
    return (
        _("Thank you, and what comes next"),
        _(
            "Chance decided that you are in the group that is asked and not coached. Your answers count as much as "
            "anybody's: without them nobody could tell what coaching does. What comes next stands here:\n\n%(home)s\n\n"
            "In a crisis call or text 988, day and night.\n"
        )
        % {"home": home},
    )


def consent_changed(*, address: str, until: str) -> Letter:
    """The words of the consent changed, and the person has to decide again."""
    return (
        _("A text has changed; please read it"),
        _(
            "The text that you agreed to has a new version. Please read what changed and decide again, until "
            "%(until)s:\n\n%(address)s\n\n"
            "Until then everything goes on as you agreed. After that day you are asked no questions until you have "
            "decided; what you have been granted stays open to you.\n"
        )
        % {"until": until, "address": address},
    )


def coaching_later(*, home: str, wave: str, opens: str, offered: str) -> Letter:
    """The draw put coaching after a later survey; until then there is what the site offers."""
    return (
        _("Thank you, and what comes next"),
        _(
            "Chance decided that your coaching starts after the survey “%(wave)s”, which opens on %(opens)s. It is "
            "yours then, without another request:\n\n%(home)s\n\n"
            "Until then these are open to you:\n%(offered)s\n"
        )
        % {"wave": wave, "opens": opens, "home": home, "offered": offered},
    )


def offered() -> str:
    """What stands open to every physician; used until the site has written its own text."""
    return _(
        "- your institution's employee assistance and peer support lines, free and confidential;\n"
        "- your own physician or a therapist, whenever you would send a colleague there;\n"
        "- a Physician Health Program of your state, also for a question without a name;\n"
        "- 988, day and night, by call or text."
    )


def place_free(*, home: str, until: str) -> Letter:
    """The next in line gets a place that lapsed or was given back."""
    return (
        _("Something is free for you"),
        _(
            "You waited for a place, and one is free now. It is kept for you until %(until)s; it becomes final when "
            "your first survey is complete:\n\n%(home)s\n\n"
            "After that day it goes to the next in line by itself. You need not answer if you have changed your mind.\n"
        )
        % {"until": until, "home": home},
    )


def place_lapsed(*, home: str) -> Letter:
    """The place was held until its deadline and has gone to the next in line."""
    return (
        _("Your place has gone on"),
        _(
            "Your place was kept for some days, and the first survey was not complete by then. So the place has gone "
            "to the next in line. You need not do anything. If you still want to take part, ask again; you then wait "
            "behind those who wait already:\n\n%(home)s\n"
        )
        % {"home": home},
    )
