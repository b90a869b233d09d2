from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from confrere.people.rules import open_to_strangers


@open_to_strangers
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "web/home.html")
