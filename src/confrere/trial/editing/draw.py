"""The form of the draw: its mode, its scheme with what belongs to it, and the strata."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from confrere.analysis.errors import nearest
from confrere.trial.editing.fields import LinesField, NumbersField, put
from confrere.trial.editing.tables import Choices, Data, TableForm, named


class DrawForm(TableForm):
    """When and how chance decides, and within which strata."""

    absent: ClassVar[Mapping[str, Any]] = {
        "allocation__scheme": "big-stick",
        "allocation__mode": "rolling",
        "allocation__measure": "range",
    }
    SCHEMES: ClassVar[Choices] = [
        ("big-stick", gettext_lazy("Big stick: a fair coin until one arm is too far ahead (hard to guess)")),
        ("permuted-blocks", gettext_lazy("Blocks of random sizes (closer balance, easier to guess)")),
        ("minimisation", gettext_lazy("Minimisation (balance in each of many factors, easy to guess)")),
        ("simple", gettext_lazy("A fair coin each time (no balance)")),
    ]
    MODES: ClassVar[Choices] = [
        ("rolling", gettext_lazy("Each person as soon as they are enrolled")),
        ("batch", gettext_lazy("Everybody at once, after enrolment has closed")),
    ]

    MEASURES: ClassVar[Choices] = [
        ("range", gettext_lazy("by the range of the arms' counts")),
        ("variance", gettext_lazy("by their variance")),
    ]

    OPTIONS: ClassVar[Mapping[str, str]] = {
        "allocation__mti": "big-stick",
        "allocation__sizes": "permuted-blocks",
        "allocation__probability": "minimisation",
        "allocation__measure": "minimisation",
    }

    allocation__mode = forms.ChoiceField(label=gettext_lazy("When is drawn?"), choices=MODES, widget=forms.RadioSelect)
    allocation__scheme = forms.ChoiceField(
        label=gettext_lazy("How is drawn?"), choices=SCHEMES, widget=forms.RadioSelect
    )
    allocation__mti = forms.IntegerField(
        label=gettext_lazy("Big stick: largest lead of an arm in a stratum"), min_value=1, max_value=100, required=False
    )
    allocation__sizes = NumbersField(label=gettext_lazy("Blocks: their sizes, such as 4, 6, 8"), required=False)
    allocation__probability = forms.FloatField(
        label=gettext_lazy("Minimisation: probability of the best arm, such as 0.8"),
        min_value=0.01,
        max_value=0.99,
        step_size=0.01,
        required=False,
        help_text=gettext_lazy(
            "0.8 if you leave it empty. The higher, the closer the balance and the easier to guess."
        ),
    )
    allocation__measure = forms.ChoiceField(
        label=gettext_lazy("Minimisation: how imbalance is measured"), choices=MEASURES, required=False
    )
    strata = LinesField(
        label=gettext_lazy("Strata: baseline questions, one a line"),
        required=False,
        help_text=gettext_lazy(
            "Balance is kept within each combination of their answers, so few are better than many. Minimisation keeps "
            "it for each answer by itself."
        ),
    )

    def shown(self, table: Data) -> Data:
        return super().shown(table) | {"strata": named(table, "strata")}

    def prepare(self, data: Data) -> None:
        rows = data.get("questions", [])
        choosable = [one for one in rows if isinstance(one, dict) and one.get("kind", "choice") == "choice"]
        self.levels = {str(one.get("name")): list(one.get("options", {})) for one in choosable}
        names = ", ".join(self.levels) or _("none yet; write them in the step of the questions")
        self.fields["strata"].help_text = f"{self.fields['strata'].help_text} " + _("Known: %(names)s.") % {
            "names": names
        }

    def clean(self) -> Data:
        scheme = self.cleaned_data.get("allocation__scheme")
        for other, its in self.OPTIONS.items():
            self.cleaned_data[other] = self.cleaned_data.get(other) if scheme == its else None
        if scheme == "permuted-blocks" and not self.cleaned_data["allocation__sizes"]:
            self.add_error("allocation__sizes", _("Say the sizes of the blocks, such as 4, 6, 8."))
        if scheme == "minimisation" and self.cleaned_data.get("allocation__mode") == "batch":
            self.add_error(
                "allocation__scheme",
                _("Minimisation draws one person after the other. Draw each person as soon as they are enrolled."),
            )
        for name in self.cleaned_data.get("strata", ()):
            if name not in self.levels:
                hint = nearest(name, self.levels) if self.levels else _("There is none yet.")
                self.add_error(
                    "strata", _("%(name)s is no question with one answer. %(hint)s") % {"name": name, "hint": hint}
                )
        return self.cleaned_data

    def write(self, table: Data) -> None:
        strata = [{"name": name, "levels": self.levels[name]} for name in self.cleaned_data.pop("strata")]
        super().write(table)
        table.setdefault("allocation", {})
        put(table, "strata", strata)
