"""Workplace themes: a coach's ticks for a quarter, and the pooling that leaves no coach's own behind."""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from confrere.coaching.models import Band, PooledTheme, Theme, ThemeAnswer
from confrere.coaching.quarters import open_quarter
from confrere.post.jobs import every
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.refusals import Refusal

#: Fewer coaches than this are not pooled, and a theme that fewer named is said to be one of few.
FEWEST = 5


@transaction.atomic
def name_themes(*, programme: int, site: int, person: int, themes: Collection[str], now: datetime) -> None:
    """Keep what a coach ticks for the quarter that is open; a later answer replaces it. No event says that they did.

    Refuses (422) a theme that is not on the list. Without any theme the answer counts: nothing stood out.
    """
    if not {*themes} <= {*Theme.values}:
        raise Refusal(_("Choose from the themes on this page."), status=422)
    ThemeAnswer.objects.update_or_create(
        programme_id=programme,
        coach_id=person,
        quarter=open_quarter(now),
        defaults={"site_id": site, "themes": sorted({*themes})},
    )


def pool_themes(*, now: datetime) -> int:
    """Pool every quarter that can no longer be answered, and erase the answers. Returns how many were pooled.

    Of fewer than five coaches nothing is kept. Each programme's quarter is one transaction.
    """
    over = ThemeAnswer.objects.filter(quarter__lt=open_quarter(now))
    wanted = over.order_by("programme", "quarter").values_list("programme", "quarter").distinct()
    return sum(_pool(programme, quarter, now) for programme, quarter in list(wanted))


@transaction.atomic
def _pool(programme: int, quarter: date, now: datetime) -> bool:
    answers = ThemeAnswer.objects.filter(programme=programme, quarter=quarter)
    rows = list(answers.select_for_update(no_key=True).order_by("pk"))
    if enough := len(rows) >= FEWEST:
        named = Counter(theme for row in rows for theme in row.themes)
        PooledTheme.objects.bulk_create(
            PooledTheme(
                programme_id=programme,
                site_id=rows[0].site_id,
                quarter=quarter,
                theme=theme,
                band=_band(named[theme]),
            )
            for theme in Theme.values
        )
    answers.delete()
    audit.record(
        action="coaching.pool_themes",
        actor=audit.Actor.system("themes"),
        about=f"quarter:{quarter}",
        programme=programme,
        kept_as=kept.RELEASE,
        now=now,
    )
    return enough


def _band(coaches: int) -> Band:
    if coaches < FEWEST:
        return Band.FEW
    return Band.SOME if coaches < 2 * FEWEST else Band.MANY


@every("40 3 * * *")
def pool_themes_tonight() -> None:
    """Every night, by the worker; something is due four times a year."""
    pool_themes(now=timezone.now())
