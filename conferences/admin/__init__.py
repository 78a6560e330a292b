"""Where administrators manage everything. What providers told us can be looked at here, and not changed."""

from django.contrib import admin

from conferences.admin import alerts, conferences, connections, courses, decisions, errors, retry_policies, runs, synced

admin.site.site_header = "Online classes"
admin.site.site_title = "Online classes"
admin.site.index_title = "Administration"

__all__ = ["alerts", "conferences", "connections", "courses", "decisions", "errors", "retry_policies", "runs", "synced"]
