from django.urls import path

from confrere.trial.views import mine, proof, team

app_name = "trial"

urlpatterns = [
    path("", team.programme, name="programme"),
    path("people/", team.people, name="people"),
    path("people/<slug:box>/", team.people, name="box"),
    path("lock/", team.lock, name="lock"),
    path("announce/", team.announce, name="announce"),
    path("publish/", team.publish, name="publish"),
    path("proof/", proof.proof, name="proof"),
    path("record.json", team.record, name="record"),
    path("mine/", mine.mine, name="mine"),
    path("mine/consent.txt", mine.copy, name="copy"),
    path("mine/receipt.json", mine.receipt, name="receipt"),
    path("mine/stop/<slug:kind>/", mine.stop, name="stop"),
    path("mine/back/<slug:kind>/", mine.back, name="back"),
]
