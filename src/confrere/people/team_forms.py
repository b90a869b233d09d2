"""What a director types about the programme's staff and sites."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from confrere.people.forms import zones
from confrere.people.roles import Role


class AppointForm(forms.Form):
    """Somebody's role in the programme."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, help_text=_("They sign in with it. A letter tells them.")
    )
    role = forms.ChoiceField(label=_("Role"))
    site = forms.TypedChoiceField(
        label=_("Site"),
        coerce=int,
        help_text=_("Coordinators see the people of their own site only; the other roles look at the whole programme."),
    )

    def __init__(self, *args: Any, roles: Sequence[Role], sites: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given: dict[str, list[tuple[Any, str]]] = {
            "role": [(role.value, str(role.label)) for role in roles],
            "site": list(sites.items()),
        }
        for name, choices in given.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class SiteForm(forms.Form):
    """A further site."""

    name = forms.CharField(label=_("Name of the hospital or practice"), max_length=200)
    zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
