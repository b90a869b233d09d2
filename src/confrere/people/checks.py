"""What an address, a zone or a short name must look like; one sentence for each way it can be wrong."""

from functools import cache
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.utils.translation import gettext as _

from confrere.people import specialties
from confrere.vault.refusals import Refusal


@cache
def zones() -> tuple[str, ...]:
    """Every time zone that people look for, by continent and city, UTC last. Read from the disk once."""
    return (*sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")), "UTC")


def clean_address(address: str) -> str:
    """An e-mail address in the one form in which it is stored: no spaces around it, small letters."""
    address = address.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Refusal(_("This is not an e-mail address. It should read like name@hospital.org."), status=400) from None
    return address


def clean_line(text: str) -> str:
    """A name or a note on one line: 1 to 200 characters."""
    text = " ".join(text.split())
    if not 1 <= len(text) <= 200:
        raise Refusal(_("A name or note needs 1 to 200 characters."), status=400)
    return text


def clean_slug(slug: str) -> str:
    """The short name in addresses: letters, digits, hyphens and underscores, at most 50."""
    try:
        validate_slug(slug)
    except ValidationError:
        slug = ""
    if not 1 <= len(slug) <= 50:
        raise Refusal(
            _("A short name has 1 to 50 letters without accents, digits, hyphens or underscores."), status=400
        )
    return slug


def clean_zone(zone: str) -> str:
    """The IANA name of a time zone, such as America/Denver."""
    if zone not in zones():
        raise Refusal(_("This time zone is not known. It should read like America/Denver."), status=400)
    return zone


def clean_specialty(specialty: str) -> str:
    """A slug of `specialties.toml`."""
    if specialty not in specialties.labels():
        raise Refusal(_("This specialty is not on the list."), status=400)
    return specialty
