from django.urls import path

from confrere.trial.views import mine, proof, protocol, recruiting, steps, team

app_name = "trial"

urlpatterns = [
    path("", team.programme, name="programme"),
    path("people/", team.people, name="people"),
    path("people/<slug:box>/", team.people, name="box"),
    path("lock/", team.lock, name="lock"),
    path("announce/", team.announce, name="announce"),
    path("publish/", team.publish, name="publish"),
    path("proof/", proof.proof, name="proof"),
    path("record.json", team.record, name="record"),
    path("recruiting/", recruiting.recruiting, name="recruiting"),
    path("recruiting/list/", recruiting.addresses, name="addresses"),
    path("recruiting/leave-out/", recruiting.leave_out, name="leave_out"),
    path("recruiting/page/", recruiting.invitation, name="invitation"),
    path("recruiting/announcement/<int:number>/", recruiting.announcement, name="announcement"),
    path("recruiting/announcement/<int:number>/try/", recruiting.try_out, name="try_announcement"),
    path("recruiting/announcement/<int:number>/send/", recruiting.send_out, name="send_announcement"),
    path("recruiting/lottery/", recruiting.lottery, name="lottery"),
    path("recruiting/represented/", recruiting.representation, name="representation"),
    path("recruiting/represented/<slug:question>/", recruiting.institution, name="institution"),
    path("protocol/", protocol.protocol, name="protocol"),
    path("protocol/begin/", protocol.begin, name="protocol_begin"),
    path("protocol/text/", protocol.text, name="protocol_text"),
    path("protocol/read/", protocol.printed, name="protocol_printed"),
    path("protocol/protocol.toml", protocol.file, name="protocol_file"),
    path("protocol/parts/<slug:step>/", steps.step, name="protocol_step"),
    path("protocol/parts/<slug:step>/<int:number>/", steps.item, name="protocol_item"),
    path("protocol/versions/<int:number>/", protocol.version, name="protocol_version"),
    path("protocol/versions/<int:number>/back/", protocol.back, name="protocol_back"),
    path("protocol/stamped/", protocol.stamped, name="stamped"),
    path("protocol/stamped/<int:number>.pdf", protocol.stamped_file, name="stamped_file"),
    path("protocol/reported/", protocol.event, name="event"),
    path("mine/", mine.mine, name="mine"),
    path("mine/consent.txt", mine.copy, name="copy"),
    path("mine/receipt.json", mine.receipt, name="receipt"),
    path("mine/stop/<slug:kind>/", mine.stop, name="stop"),
    path("mine/back/<slug:kind>/", mine.back, name="back"),
]
