"""Addresses of conferences."""

from django.urls import path

from conferences.views import adding, decisions, detail, downloads, listing, mine, sync

app_name = "conferences"
urlpatterns = [
    path("", listing.conference_list, name="list"),
    path("add/", adding.add, name="add"),
    path("mine/", mine.my_classes, name="my_classes"),
    path("<int:pk>/mine/", mine.my_attendance, name="my_attendance"),
    path("<int:pk>/", detail.conference_detail, name="detail"),
    path("<int:pk>/sync/", sync.start, name="sync"),
    path("<int:pk>/sync/<int:run_id>/", sync.status, name="status"),
    path("<int:pk>/sync/<int:run_id>/cancel/", sync.cancel, name="cancel"),
    path("<int:pk>/sync/<int:run_id>/resume/", sync.resume, name="resume"),
    path("<int:pk>/attendance.csv", downloads.attendance_csv, name="attendance_csv"),
    path("<int:pk>/participants/<int:participant_id>/match/", decisions.match, name="match"),
    path("<int:pk>/people/<int:user_id>/presence/", decisions.presence, name="presence"),
]
