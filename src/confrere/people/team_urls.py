"""Pages of a programme about its staff, under /p/<programme>/team/."""

from django.urls import path

from confrere.people import team_views

urlpatterns = [
    path("", team_views.staff, name="team"),
    path("sites/", team_views.add_site, name="add_site"),
    path("<int:number>/end/", team_views.end, name="end_role"),
]
