"""Every row says what it is, also one that is not saved yet: logs and messages print it."""

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

OURS = [model for model in apps.get_models() if model.__module__.startswith("confrere.") and model._meta.managed]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_row_says_what_it_is(model: type[models.Model]) -> None:
    lists = {field.name: [] for field in model._meta.concrete_fields if isinstance(field, ArrayField)}
    assert isinstance(str(model(**lists)), str)
