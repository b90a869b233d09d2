"""Imported in demo mode only."""

from django.urls import path

from confrere.web.demo import letters, views

urlpatterns = [
    path("letters/", letters.letters, name="demo_letters"),
    path("<int:person>/<str:token>/", views.enter, name="demo_enter"),
]
