from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from confrere.lounge.models import Specialty
from confrere.lounge.queries import Place


class SpecialtyForm(forms.Form):
    """One entry of the list. What is its own name in addresses stays as it was made."""

    slug = forms.SlugField(
        label=_("Short name, in addresses and after @"),
        help_text=_("Small letters and hyphens, such as heart-failure. It stays as it is."),
        max_length=Specialty._meta.get_field("slug").max_length,
    )
    label = forms.CharField(label=_("Name"), max_length=Specialty._meta.get_field("label").max_length)
    parent = forms.ChoiceField(label=_("Part of"), required=False)
    nucc = forms.CharField(
        label=_("Taxonomy codes (NUCC) that belong here"),
        help_text=_("Ten characters each, with spaces between them. Where none is given, names decide."),
        required=False,
        widget=forms.TextInput({"autocapitalize": "characters", "spellcheck": "false"}),
    )
    closed = forms.BooleanField(
        label=_("Closed: nothing new is asked here; what was asked stays where it is"), required=False
    )

    def __init__(
        self, sent: Mapping[str, Any] | None = None, *, listed: Mapping[str, Place], edited: Place | None = None
    ) -> None:
        first = {}
        if edited is not None:
            first = {
                "slug": edited.slug,
                "label": edited.label,
                "parent": edited.parent,
                "nucc": " ".join(edited.nucc),
                "closed": edited.closed,
            }
        super().__init__(sent, initial=first)
        if edited is not None:
            self.fields["slug"].disabled = True
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ChoiceField)
        whole = [(one.slug, one.label) for one in listed.values() if not one.parent and one != edited]
        parent.choices = [("", _("Nothing: it stands by itself")), *whole]

    def clean_nucc(self) -> list[str]:
        """The codes, each once, in capitals."""
        return list(dict.fromkeys(self.cleaned_data["nucc"].upper().replace(",", " ").split()))
