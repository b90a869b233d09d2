from django.urls import path

from confrere.lounge import views

app_name = "lounge"
urlpatterns = [
    path("", views.home, name="home"),
    path("ask/", views.ask, name="ask"),
    path("in/<slug:specialty>/", views.specialty, name="specialty"),
    path("q/<int:question>/", views.question, name="question"),
    path("q/<int:question>/accept/<int:answer>/", views.accept, name="accept"),
]
