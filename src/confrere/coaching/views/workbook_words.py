"""What the workbook's scripts say, and examples to begin with: translated here, put together on the device."""

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """Sentence by name."""
    return {
        "signedOut": _(
            "You are no longer signed in, or the server did not answer. Your text is still here: sign in in another "
            "window, then save again."
        ),
        "noPrf": _("This passkey signs you in, but it cannot open a workbook. Use the recovery code."),
        "noPasskey": _("No passkey answered. Try again, or use the recovery code."),
        "newPasskey": _(
            "This passkey is new to your workbook. Type the recovery code once; from then on the passkey opens it too."
        ),
        "wrongGroup": _("There is a slip in group"),
        "wrongLength": _("The code has seven groups of five signs. Signs so far:"),
        "wrongCode": _("This code does not open this workbook. Is it an older one?"),
        "altered": _("What the server sent is not what you saved last, so it was not opened."),
        "older": _(
            "The server sent an older version than the one you saved last: it was put back from a backup, or by "
            "somebody. It was not opened. Saved last, sent:"
        ),
        "saved": _("Saved, sealed."),
        "saving": _("Saving"),
        "unsaved": _("Not saved yet"),
        "closed": _("Closed after five minutes without a touch. Everything was saved."),
        "closedUnsaved": _("Closed after five minutes without a touch. The last words could not be saved."),
        "proveFirst": _("Show once more who you are; then open it."),
        "added": _("From now on this passkey opens your workbook too."),
        "shown": _("Shown. It stands on your coach's device until that page is closed."),
        "otherDevice": _(
            "The key behind these digits does not fit them. Nothing was shown. Ask your coach to open the page again."
        ),
        "noX25519": _("This browser cannot do it. Show your screen instead."),
        "repeat": _("Type these two groups from your print-out:"),
        "notRepeated": _("These are not the two groups. Look at your print-out again."),
        "group": _("Group"),
        "of": _("of 10"),
        "progress": _("How far, from 0 to 10"),
        "goal": _("Goal"),
        "thisWeek": _("For the week"),
        "notYet": _("Not yet"),
        "partly": _("Partly"),
        "done": _("Done"),
        "vision": _("Vision"),
        "goals": _("Goals for three months"),
        "weeks": _("Weeks"),
        "reflections": _("Reflections"),
        "left": _("Where we left off"),
        "over": _("This page is empty now: it was open for as long as a session lasts, or you left it."),
        "nothing": _("Nothing yet"),
    }


def examples() -> list[dict[str, object]]:
    """Ways to begin: a name, a vision to rewrite, goals to rewrite. Our own words."""
    return [
        {
            "name": _("Meaning at work"),
            "vision": _(
                "A year from now I leave most days knowing what was worth it. I see the patients I trained for, "
                "and I teach again."
            ),
            "goals": [
                _("One half-day a week for the work that matters most to me"),
                _("Teach one session a month"),
                _("Say no to one committee"),
            ],
        },
        {
            "name": _("Evenings without charts"),
            "vision": _("My notes are done when I leave the building, and my evenings are mine."),
            "goals": [
                _("Close charts before leaving, four days of five"),
                _("Hand over what others can do in the inbox"),
                _("Two evenings a week with no screen"),
            ],
        },
        {
            "name": _("A step in my career"),
            "vision": _("I know which role I want next, and who should hear of it."),
            "goals": [
                _("Talk to three people who do that work"),
                _("Write down what I will give up for it"),
                _("Ask for one piece of it now"),
            ],
        },
        {
            "name": _("Strength and rest"),
            "vision": _("I sleep, I move, and my people at home know when they have me."),
            "goals": [
                _("Move three times a week"),
                _("In bed by half past ten before call"),
                _("One free weekend a month, kept free"),
            ],
        },
    ]
