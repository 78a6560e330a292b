"""What Teams knows of a conference beyond the domain's words."""

from django.db import models


class TeamsMeetingSync(models.Model):
    """What the last syncs learned of the meeting behind a conference, in Graph's own words."""

    conference = models.OneToOneField("conferences.Conference", models.CASCADE, related_name="teams_meeting")
    meeting_id = models.CharField(max_length=1024, blank=True)
    thread_id = models.CharField(max_length=512, blank=True)
    organizer_id = models.CharField(max_length=64, blank=True)
    subject = models.CharField(max_length=512, blank=True)
    meeting_type = models.CharField(max_length=32, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    reports = models.JSONField(default=list, blank=True, help_text="Attendance reports seen: id, start, end, count.")
    calls = models.JSONField(default=list, blank=True, help_text="Call records credited: id, start, end, version.")

    class Meta:
        verbose_name = "Teams meeting"

    def __str__(self) -> str:
        return self.subject or self.meeting_id
