"""Publishing what is asked: wording first, then the questionnaire with that wording."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from confrere.surveys import definition
from confrere.surveys.definition import Pack, Question
from confrere.surveys.models import Questionnaire, TextPack
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.origin import simulated
from confrere.vault.refusals import Refusal


@transaction.atomic
def import_pack(
    *, programme: int, site: int, instrument: str, pack: Pack, attestation: str, actor: Actor, now: datetime
) -> int:
    """Keep the wording of an instrument, with the site's word that it may use it; returns its version.

    The same wording again is the same version. Questionnaires published before keep theirs.
    """
    definition.check_pack(instrument, pack)
    if pack.stand_in and not simulated():
        raise Refusal(_("Stand-in wording is for simulated programmes only."))
    if not attestation.strip():
        raise Refusal(_("Say on what ground your site may use this wording."), status=422)
    known = TextPack.objects.filter(programme_id=programme, instrument=instrument)
    newest = known.order_by("-version").first()
    if newest is not None and newest.sha256 == pack.sha256:
        return newest.version
    version = 1 if newest is None else newest.version + 1
    TextPack.objects.create(
        programme_id=programme,
        site_id=site,
        instrument=instrument,
        version=version,
        items=dict(pack.items),
        labels=list(pack.labels),
        stand_in=pack.stand_in,
        sha256=pack.sha256,
        attestation=attestation.strip(),
        imported_at=now,
    )
    audit.record(
        action="surveys.import_pack",
        actor=actor,
        about=f"text pack {instrument} {version}",
        programme=programme,
        kept_as=kept.PROGRAMME,
        now=now,
        details={"sha256": pack.sha256},
    )
    return version


@transaction.atomic
def publish(
    *,
    programme: int,
    site: int,
    slug: str,
    title: str,
    questions: Sequence[Question],
    origins: Mapping[str, Mapping[str, Any]] | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """Publish a version of a questionnaire with the newest wording of its instruments; returns the version.

    Nothing changes a published version; publishing the same content again gives the same version. `origins` says,
    by question, where it came from.
    """
    definition.check_questions(questions)
    packs = _packs(programme, {question.instrument for question in questions if question.text is None})
    content = definition.to_json(definition.worded(questions, packs), packs, origins)
    sha256 = definition.digest({"title": title, **content})
    known = Questionnaire.objects.filter(programme_id=programme, slug=slug)
    newest = known.order_by("-version").first()
    if newest is not None and newest.sha256 == sha256:
        return newest.version
    version = (known.aggregate(last=Max("version"))["last"] or 0) + 1
    Questionnaire.objects.create(
        programme_id=programme,
        site_id=site,
        slug=slug,
        version=version,
        title=title,
        definition=content,
        sha256=sha256,
        published_at=now,
    )
    audit.record(
        action="surveys.publish",
        actor=actor,
        about=f"questionnaire {slug} {version}",
        programme=programme,
        kept_as=kept.PROGRAMME,
        now=now,
        details={"sha256": sha256},
    )
    return version


def _packs(programme: int, instruments: set[str | None]) -> dict[str, Pack]:
    rows = TextPack.objects.filter(programme_id=programme, instrument__in=instruments).order_by("version")
    return {row.instrument: Pack(items=row.items, labels=row.labels, stand_in=row.stand_in) for row in rows}
