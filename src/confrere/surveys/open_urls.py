"""Pages outside any programme: the link from a letter, short enough to be typed."""

from django.urls import path

from confrere.surveys import views

urlpatterns = [
    path("a/worker.js", views.worker, name="answer_worker"),
    path("a/<str:token>/", views.answer, name="answer"),
    path("a/<str:token>/sheet/", views.sheet, name="answer_sheet"),
    path("a/<str:token>/state/", views.state, name="answer_state"),
    path("a/<str:token>/send/", views.send, name="answer_send"),
    path("a/<str:token>/sent/", views.sent, name="answer_sent"),
    path("a/<str:token>/parcel/", views.parcel, name="answer_parcel"),
    path("pulse/<str:token>/", views.pulse_answer, name="pulse_answer"),
    path("no-letters/<str:token>/", views.stop_letters, name="stop_letters"),
]
