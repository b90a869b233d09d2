from django.urls import path

from confrere.evidence import views

app_name = "evidence"
urlpatterns = [
    path("", views.results, name="results"),
    path("freeze/", views.freeze, name="freeze"),
    path("<int:number>/", views.data_set, name="data_set"),
    path("<int:number>/release/", views.release, name="release"),
    path("agreement/", views.agreement, name="agreement"),
    path("exports/", views.exports, name="exports"),
    path("<int:number>/take/", views.take, name="take"),
    path("<int:number>/public/", views.public, name="public"),
    path("<int:number>/data.csv", views.content, name="content"),
    path("<int:number>/plan.toml", views.plan, name="plan"),
    path("<int:number>/results.json", views.results_json, name="results_json"),
    path("<int:number>/<slug:table>.csv", views.table, name="table"),
]
