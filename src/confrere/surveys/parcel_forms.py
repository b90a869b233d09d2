"""What is typed about thank-yous: an address, and what is offered after which waves."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

#: Lines that fit on a label beside the name.
LINES = range(2, 7)


class AddressForm(forms.Form):
    """A postal address, without the name, which stands in the account."""

    address = forms.CharField(
        label=_("Postal address, without your name"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "street-address"}),
        help_text=_("Two to six lines, with the country where it is another one. Your name is put above them."),
    )

    def clean_address(self) -> str:
        """The lines that say something."""
        lines = [line.strip() for line in str(self.cleaned_data["address"]).splitlines() if line.strip()]
        if len(lines) not in LINES:
            raise forms.ValidationError(_("Write the address in two to six lines, as on an envelope."))
        return "\n".join(lines)


class IncentiveForm(forms.Form):
    """What is offered, how many there are, and after which waves."""

    name = forms.CharField(
        label=_("Item"), max_length=120, help_text=_("As participants read it, such as “a coffee mug”.")
    )
    stock = forms.IntegerField(
        label=_("How many there are in all"),
        min_value=0,
        max_value=1_000_000,
        help_text=_("Also those that are promised or sent. Bought more? Add them here."),
    )

    def __init__(self, waves: Sequence[tuple[str, str]], data: Mapping[str, Any] | None = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["waves"] = forms.MultipleChoiceField(
            label=_("Offered after"),
            choices=waves,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("None: it is offered to nobody."),
        )
