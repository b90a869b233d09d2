"""The forms of a protocol's later steps: outcomes, analysis and its sets, review board, distress."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from confrere.science.instruments import registry
from confrere.trial.editing.fields import (
    DayField,
    LinesField,
    NameField,
    NumberField,
    get,
    put,
)
from confrere.trial.editing.tables import Choices, Data, TableForm, choices


class OutcomeForm(TableForm):
    absent: ClassVar[Mapping[str, Any]] = {"kind": "continuous", "role": "secondary"}
    ROLES: ClassVar[Choices] = [("primary", gettext_lazy("Primary")), ("secondary", gettext_lazy("Secondary"))]
    DIRECTIONS: ClassVar[Choices] = [
        ("lower", gettext_lazy("Lower is better")),
        ("higher", gettext_lazy("Higher is better")),
    ]

    name = NameField(label=gettext_lazy("Short name of the outcome"))
    measure = forms.ChoiceField(label=gettext_lazy("What is measured"))
    role = forms.ChoiceField(label=gettext_lazy("Its role"), choices=ROLES, widget=forms.RadioSelect)
    better = forms.ChoiceField(label=gettext_lazy("Direction"), choices=DIRECTIONS, widget=forms.RadioSelect)
    mcid = NumberField(label=gettext_lazy("Smallest difference that matters"), required=False)
    tests = LinesField(
        label=gettext_lazy("Further tests, one a line"),
        required=False,
        help_text=gettext_lazy("welch, wilcoxon or fisher; empty: the mixed model alone."),
    )

    def shown(self, table: Data) -> Data:
        keys = ("instrument", "score", "rule", "kind")
        parts = [str(table.get(key, self.absent.get(key, ""))) for key in keys]
        return super().shown(table) | {"measure": "|".join(parts)}

    def prepare(self, data: Data) -> None:
        waves = [wave for wave in data.get("waves", ()) if isinstance(wave, dict)]
        asked = dict.fromkeys(name for wave in waves for name in wave.get("instruments", ()))
        choices(self, "measure", [("", "—"), *(pair for name in asked for pair in _measures(name))])

    def write(self, table: Data) -> None:
        measure = dict(
            zip(("instrument", "score", "rule", "kind"), self.cleaned_data.pop("measure").split("|"), strict=True)
        )
        for key, value in measure.items():
            if get(table, key) is not None or value != self.absent.get(key):
                put(table, key, value)
        super().write(table)


class AnalysisForm(TableForm):
    absent: ClassVar[Mapping[str, Any]] = {
        "analysis__covariance": "random-intercept",
        "analysis__estimation": "reml",
        "analysis__df_used": "kenward-roger",
        "analysis__baseline_as": "constrained",
        "analysis__multiplicity": "none",
        "analysis__level": 0.95,
    }

    analysis__covariates = LinesField(label=gettext_lazy("Covariates: baseline questions, one a line"), required=False)
    analysis__covariance = forms.CharField(label=gettext_lazy("Covariance"), max_length=60)
    analysis__estimation = forms.ChoiceField(label=gettext_lazy("Estimation"), choices=[("reml", "REML"), ("ml", "ML")])
    analysis__df = forms.CharField(
        label=gettext_lazy("Degrees of freedom, as the source states them"),
        max_length=200,
        help_text=gettext_lazy("Or: not stated."),
    )
    analysis__df_used = forms.ChoiceField(
        label=gettext_lazy("Degrees of freedom that are used"),
        choices=[
            ("kenward-roger", "Kenward-Roger"),
            ("satterthwaite", "Satterthwaite"),
            ("normal", gettext_lazy("Normal")),
        ],
    )
    analysis__baseline_as = forms.ChoiceField(
        label=gettext_lazy("The baseline is"),
        choices=[
            ("constrained", gettext_lazy("a response, with the same mean in every arm")),
            ("response", gettext_lazy("a response")),
            ("covariate", gettext_lazy("a covariate")),
        ],
    )
    analysis__multiplicity = forms.ChoiceField(
        label=gettext_lazy("Correction for several outcomes"),
        choices=[("none", gettext_lazy("none")), ("holm", "Holm"), ("hochberg", "Hochberg")],
    )
    analysis__level = NumberField(label=gettext_lazy("Confidence level"), min_value=0.5, max_value=0.999)
    analysis__stated = forms.CharField(
        label=gettext_lazy("The analysis in a sentence"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SetForm(TableForm):
    name = NameField(label=gettext_lazy("Short name of the analysis set"))
    title = forms.CharField(label=gettext_lazy("Who is in it, in words"), max_length=300)
    keep = forms.CharField(
        label=gettext_lazy("Who is in it, as a rule"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Such as: arm == 'control' or sessions >= 1. Empty: everyone who was drawn."),
    )


class BoardForm(TableForm):
    irb__number = forms.CharField(label=gettext_lazy("Number of the review board"), max_length=100, required=False)
    irb__board = forms.CharField(label=gettext_lazy("Review board"), max_length=200, required=False)
    irb__approved = DayField(label=gettext_lazy("Approved on"), required=False)
    irb__expires = DayField(
        label=gettext_lazy("Last day of the approval"),
        required=False,
        help_text=gettext_lazy("From the next day on nobody is enrolled until you enter the renewed approval."),
    )
    irb__stamped_sha256 = forms.CharField(
        label=gettext_lazy("Hash of the stamped consent (SHA-256)"), max_length=64, required=False
    )
    irb__relying = LinesField(label=gettext_lazy("Sites that rely on this board, one a line"), required=False)
    certificate__number = forms.CharField(
        label=gettext_lazy("Certificate of Confidentiality: number"), max_length=100, required=False
    )
    certificate__funder = forms.CharField(label=gettext_lazy("Certificate: funder"), max_length=200, required=False)
    certificate__issued = DayField(label=gettext_lazy("Certificate: issued on"), required=False)
    certificate__expires = DayField(label=gettext_lazy("Certificate: last day"), required=False)


class SupportForm(TableForm):
    support__distress = LinesField(
        label=gettext_lazy("What somebody in distress reads, one sentence a line"),
        rows=4,
        required=False,
        help_text=gettext_lazy("Needed before the protocol can be locked. It stands beside every survey."),
    )
    distress__plan = forms.CharField(
        label=gettext_lazy("Who does what when somebody tells of distress"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    distress__contact = forms.CharField(label=gettext_lazy("Who answers"), max_length=200, required=False)
    support__incentive = forms.CharField(
        label=gettext_lazy("What completing a survey earns, in a sentence"), max_length=500, required=False
    )


def _measures(name: str) -> Choices:
    """Every score and cut-off of an instrument, by its default rule, and by each rule that makes scores of its own."""
    instrument = registry().get(name)
    if instrument is None:
        return []
    plain = [(f"{name}|{one.name}||continuous", f"{instrument.title}: {one.title}") for one in instrument.all_scores()]
    ruled = [
        (f"{name}|{one.name}|{rule.name}|continuous", f"{instrument.title}: {one.title} ({rule.title})")
        for rule in instrument.rules
        for one in rule.scores
    ]
    cuts = [(f"{name}|{one.name}||binary", f"{instrument.title}: {one.title}") for one in instrument.cutoffs]
    return [*plain, *ruled, *cuts]
