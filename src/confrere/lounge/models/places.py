"""The specialties as a site has edited them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from confrere.vault import classification as kept


class Specialty(models.Model):
    """A specialty that a programme added, renamed or closed; the others stand in the list that is shipped.

    parent: the slug of the specialty that it is part of, or empty. nucc: taxonomy codes that map to it, beside those
    that an imported code set maps by its name.
    """

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    slug = models.SlugField(max_length=60, db_comment=kept.PROGRAMME)
    label = models.CharField(max_length=80, db_comment=kept.PROGRAMME)
    parent = models.SlugField(max_length=60, blank=True, default="", db_comment=kept.PROGRAMME)
    nucc = ArrayField(models.CharField(max_length=10), default=list, blank=True, db_comment=kept.PROGRAMME)
    closed = models.BooleanField(default=False, db_comment=kept.PROGRAMME)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "slug"], name="one_specialty_per_slug"),
            models.CheckConstraint(condition=~models.Q(label=""), name="specialty_has_a_name"),
            models.CheckConstraint(condition=~models.Q(parent=models.F("slug")), name="specialty_is_not_its_own_part"),
        ]

    def __str__(self) -> str:
        return self.label
