from django.urls import path

from confrere.surveys import views
from confrere.surveys.views import parcels, telephone

app_name = "surveys"

urlpatterns = [
    path("", views.mine, name="mine"),
    path("waves/", views.waves, name="waves"),
    path("waves/<slug:wave>/", views.wave, name="wave"),
    path("waves/<slug:wave>/rest/", views.rest, name="rest"),
    path("waves/<slug:wave>/<slug:kind>/", views.text, name="text"),
    path("telephone/", telephone.people, name="telephone"),
    path("telephone/<int:person>/", telephone.begin, name="telephone_begin"),
    path("telephone/<int:person>/<slug:wave>/", telephone.answer, name="telephone_answer"),
    path("telephone/<int:person>/<slug:wave>/send/", telephone.send, name="telephone_send"),
    path("parcels/", parcels.parcels, name="parcels"),
    path("parcels/labels/", parcels.labels, name="parcel_labels"),
    path("parcels/ship/", parcels.ship, name="parcel_ship"),
    path("parcels/item/", parcels.item, name="incentive_new"),
    path("parcels/item/<int:item>/", parcels.item, name="incentive"),
    path("parcels/<uuid:parcel>/drop/", parcels.drop, name="parcel_drop"),
    path("pulses/", views.pulses, name="pulses"),
    path("pulses/<int:pulse>/", views.pulse, name="pulse"),
    path("refused/", views.refused, name="refused"),
    path("questionnaires/", views.shelf, name="shelf"),
    path("import/", views.bring, name="bring"),
    path("instruments/", views.instruments, name="instruments"),
    path("instruments/<slug:name>/", views.instrument, name="instrument"),
    path("questionnaires/<slug:slug>/", views.questionnaire, name="questionnaire"),
    path("questionnaires/<slug:slug>/revise/", views.revise, name="revise"),
    path("questionnaires/<slug:slug>/<int:number>/", views.version, name="version"),
    path("questionnaires/<slug:slug>/<int:number>/export/<slug:kind>/", views.export, name="export"),
    path("questionnaires/<slug:slug>/draft/", views.draft, name="draft"),
    path("questionnaires/<slug:slug>/draft/act/", views.act, name="draft_act"),
    path("questionnaires/<slug:slug>/draft/add/<slug:kind>/", views.add, name="draft_add"),
    path("questionnaires/<slug:slug>/draft/<int:number>/", views.block, name="draft_block"),
    path("questionnaires/<slug:slug>/draft/preview/", views.preview, name="draft_preview"),
    path("questionnaires/<slug:slug>/draft/screen/", views.screen, name="draft_screen"),
    path("questionnaires/<slug:slug>/draft/publish/", views.publish, name="draft_publish"),
    path("questionnaires/<slug:slug>/draft/drop/", views.drop, name="draft_drop"),
]
