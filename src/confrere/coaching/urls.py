from django.urls import path

from confrere.coaching.views import choosing, following, meeting, offering, paying

app_name = "coaching"
urlpatterns = [
    path("", choosing.home, name="home"),
    path("coaches/", choosing.coaches, name="coaches"),
    path("coaches/<int:coach>/", choosing.coach, name="coach"),
    path("sessions/<int:booking>/", meeting.session, name="session"),
    path("sessions/<int:booking>/said/", meeting.said, name="said"),
    path("sessions/<int:booking>/move/", meeting.move, name="move"),
    path("sessions/<int:booking>/cancel/", meeting.cancel, name="cancel"),
    path("calendar/", offering.calendar, name="calendar"),
    path("hours/", offering.hours, name="hours"),
    path("hours/<int:hours>/withdraw/", offering.withdraw, name="withdraw"),
    path("page/", offering.page, name="page"),
    path("grants/", following.grants, name="grants"),
    path("grants/<int:person>/end/", following.end_grant, name="end_grant"),
    path("pay/", paying.pay, name="pay"),
    path("pay/lines.csv", paying.pay_csv, name="pay_csv"),
    path("pay/log/", paying.log, name="log"),
    path("payments/", paying.payments, name="payments"),
    path("payments/<int:coach>/training/", paying.training, name="training"),
    path("payments/<int:line>/take-back/", paying.take_back, name="take_back"),
    path("delivery/", paying.delivery, name="delivery"),
    path("waiting/", following.waiting, name="waiting"),
]
