"""Addresses of connections, for staff."""

from django.urls import path

from conferences.views import checking, connecting, connection, connection_sync, connections

app_name = "connections"
urlpatterns = [
    path("", connections.connection_list, name="list"),
    path("<int:pk>/", connection.connection_detail, name="detail"),
    path("connected/", connecting.connected, name="connected"),
    path("<int:pk>/connect/", connecting.connect, name="connect"),
    path("<int:pk>/disconnect/", connecting.disconnect, name="disconnect"),
    path("<int:pk>/check/", checking.check, name="check"),
    path("<int:pk>/sync/", connection_sync.start, name="sync"),
    path("<int:pk>/sync/<int:run_id>/", connection_sync.status, name="status"),
    path("<int:pk>/sync/<int:run_id>/cancel/", connection_sync.cancel, name="cancel"),
    path("<int:pk>/sync/<int:run_id>/resume/", connection_sync.resume, name="resume"),
]
