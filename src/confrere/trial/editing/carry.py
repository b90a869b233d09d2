"""How many participants the coaches' hours carry, asked beside the number of places."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from confrere.science.allocation import BigStick
from confrere.trial.protocol import Capacity, ProtocolArm, Sessions, Window, capacity, windows


class CarryForm(forms.Form):
    """A field for the hours of each window of coaching. Without arms or sessions there is none yet."""

    def __init__(self, asked: Any, *, data: dict[str, Any]) -> None:
        super().__init__(asked)
        self.arms, self.sessions = _arms(data), _sessions(data)
        self.windows: tuple[Window, ...] = windows(self.arms) if self.sessions.minutes else ()
        for number, window in enumerate(self.windows):
            self.fields[f"hours_{number}"] = forms.FloatField(label=_label(window), min_value=0, max_value=10_000_000)
        self.scheme, self.strata = _balance(data)

    @property
    def result(self) -> Capacity | None:
        """The largest cap, once every window has its hours."""
        if not self.windows or not self.is_valid():
            return None
        hours = [self.cleaned_data[f"hours_{number}"] for number in range(len(self.windows))]
        return capacity(self.arms, self.sessions, hours, scheme=self.scheme, strata=self.strata)

    @property
    def sentence(self) -> str:
        """The answer in words."""
        found = self.result
        if found is None:
            return ""
        needed = ", ".join(f"{need:g}" for need in found.needed)
        said = _("At most %(cap)s places: they need %(needed)s coach hours. First to run out: %(window)s.") % {
            "cap": found.cap,
            "needed": needed,
            "window": _label(self.windows[found.binding]).lower(),
        }
        if found.ahead:
            said += " " + _("Chance may put up to %(ahead)s more into one arm: keep %(hours)s hours in hand.") % {
                "ahead": found.ahead,
                "hours": f"{found.ahead * self.sessions.hours:g}",
            }
        return said


def _label(window: Window) -> str:
    if window.after is None:
        return _("Coach hours from the draw on")
    return _("Coach hours after the wave %(wave)s") % {"wave": window.after}


def _arms(data: dict[str, Any]) -> list[ProtocolArm]:
    rows = [row for row in data.get("arms", ()) if isinstance(row, dict)]
    return [
        ProtocolArm(
            name=str(row.get("name", "")),
            title="",
            ratio=row["ratio"] if _whole(row.get("ratio"), 100) else 1,
            control=row.get("control") is True,
            coaching_after=str(row["coaching_after"]) if row.get("coaching_after") else None,
        )
        for row in rows
    ]


def _sessions(data: dict[str, Any]) -> Sessions:
    table = data.get("sessions")
    minutes = table.get("minutes") if isinstance(table, dict) else None
    known = [one for one in minutes if _whole(one, 480)] if isinstance(minutes, list) else []
    return Sessions(minutes=tuple(known), window_days=1, modes=())


def _balance(data: dict[str, Any]) -> tuple[object, int]:
    """The big stick's lead, and in how many strata it may stand."""
    table = data.get("allocation")
    table = table if isinstance(table, dict) else {}
    mti = table.get("mti", 3)
    strata = 1
    for row in data.get("strata", ()):
        levels = row.get("levels") if isinstance(row, dict) else None
        strata *= len(levels) if isinstance(levels, list) and levels else 1
    big = table.get("scheme", "big-stick") == "big-stick" and _whole(mti, 100)
    return (BigStick(mti) if big else None), strata


def _whole(value: object, most: int) -> bool:
    return type(value) is int and 1 <= value <= most
