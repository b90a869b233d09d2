import pytest
from django.db import IntegrityError

from confrere.people.models import User


@pytest.mark.django_db
def test_an_address_belongs_to_one_account_in_any_letter_case() -> None:
    User.objects.create(email="a.osei@example.org", name="A. Osei")
    with pytest.raises(IntegrityError):
        User.objects.create(email="A.Osei@example.org", name="B. Osei")


@pytest.mark.django_db
def test_an_account_is_found_by_its_address_in_any_letter_case() -> None:
    osei = User.objects.create(email="a.osei@example.org", name="A. Osei")
    assert User.objects.get_by_natural_key("A.Osei@Example.org") == osei
