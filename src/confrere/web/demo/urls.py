"""Imported in demo mode only."""

from django.urls import path

from confrere.web.demo import views

urlpatterns = [path("<int:person>/<str:token>/", views.enter, name="demo_enter")]
