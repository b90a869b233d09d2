from django.urls import path

from confrere.surveys import views

app_name = "surveys"

urlpatterns = [
    path("", views.mine, name="mine"),
    path("waves/", views.waves, name="waves"),
    path("waves/<slug:wave>/", views.wave, name="wave"),
    path("waves/<slug:wave>/rest/", views.rest, name="rest"),
    path("waves/<slug:wave>/<slug:kind>/", views.text, name="text"),
    path("refused/", views.refused, name="refused"),
]
