from django.urls import path

from confrere.service.views import joining, preparing, running

app_name = "service"

urlpatterns = [
    path("", running.home, name="home"),
    path("plan/", preparing.plan, name="plan"),
    path("terms/", preparing.terms, name="terms"),
    path("intake/", preparing.intake, name="intake"),
    path("open/", preparing.opening, name="open"),
    path("end/", preparing.ending, name="end"),
    path("lottery/<int:number>/", running.lottery, name="lottery"),
    path("people/", running.people, name="people"),
    path("people/<slug:state>/", running.people, name="people_in"),
    path("reports/", running.reports, name="reports"),
    path("reports/make/", running.make_report, name="make_report"),
    path("reports/<int:number>/", running.one_report, name="report"),
    path("reports/<int:number>/file/<slug:kind>/", running.report_file, name="report_file"),
    path("mine/", joining.mine, name="mine"),
    path("mine/take/", joining.take, name="take"),
    path("mine/leave/", joining.leave, name="leave"),
    path("mine/receipt.json", joining.receipt, name="receipt"),
]
