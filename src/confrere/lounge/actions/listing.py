"""A site edits the list of specialties."""

from datetime import datetime

from django.db import transaction

from confrere.lounge import rules
from confrere.lounge.actions.noting import note
from confrere.lounge.models import Specialty
from confrere.people.queries import Standing
from confrere.vault import classification as kept


@transaction.atomic
def edit_specialty(
    *, standing: Standing, slug: str, label: str, parent: str, nucc: list[str], closed: bool, now: datetime
) -> None:
    """Add, rename, move or close a specialty of this programme. What was asked in it stays where it is.

    Raises `Refusal` for anybody but a moderator, for a parent that is not listed or is itself a part, and for a code
    that no taxonomy could have.
    """
    rules.check_may_edit_specialties(standing=standing)
    rules.check_specialty_fits(programme=standing.programme, slug=slug, parent=parent, nucc=nucc)
    Specialty.objects.update_or_create(
        programme_id=standing.programme,
        slug=slug,
        defaults={"site_id": standing.site, "label": label, "parent": parent, "nucc": nucc, "closed": closed},
    )
    note("lounge.edited_specialty", standing=standing, about=f"specialty {slug}", kept_as=kept.PROGRAMME, now=now)
