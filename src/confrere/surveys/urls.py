from django.urls import path

from confrere.surveys import views

app_name = "surveys"

urlpatterns = [path("", views.mine, name="mine")]
