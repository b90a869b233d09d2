"""Pages outside any programme: the link of the service, and the record of its lots."""

from django.urls import path

from confrere.service.views import joining

urlpatterns = [
    path("service/<str:token>/", joining.join, name="service_join"),
    path("service/<str:token>/agree/", joining.agree, name="service_agree"),
    path("service/<str:token>/lottery/<int:number>.json", joining.lottery_record, name="service_lottery"),
]
