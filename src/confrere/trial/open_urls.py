"""Pages outside any programme: the recruitment link, and the check of a published record."""

from django.urls import path

from confrere.trial.views import joining, proof, study

urlpatterns = [
    path("proof/", proof.anyone, name="proof"),
    path("study/<str:token>/", study.study, name="study"),
    path("study/<str:token>/stop/<str:code>/", study.stop, name="study_stop"),
    path("study/<str:token>/lottery.json", study.lottery_record, name="study_lottery"),
    path("join/<str:token>/", joining.join, name="join"),
    path("join/<str:token>/consent/", joining.consent, name="join_consent"),
]
