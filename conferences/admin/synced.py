"""What providers told us, to look at."""

from django.contrib import admin

from conferences.admin.readonly import ReadOnlyAdmin
from conferences.models import (
    AttendanceSession,
    ChatMessage,
    FlawedEntry,
    Participant,
    Question,
    Recording,
    Registrant,
    Response,
    SharedFile,
)

GONE = ("gone_at", admin.EmptyFieldListFilter)


@admin.register(Participant)
class ParticipantAdmin(ReadOnlyAdmin):
    list_display = (
        "name",
        "email",
        "conference",
        "kind",
        "role",
        "total_seconds",
        "source",
        "match",
        "user",
        "gone_at",
    )
    list_filter = ("kind", "match", "source", "superseded", GONE, "conference__connection")
    list_select_related = ("conference", "user")
    search_fields = ("name", "email", "conference__title", "user__username", "user__email")
    date_hierarchy = "first_joined_at"


@admin.register(AttendanceSession)
class AttendanceSessionAdmin(ReadOnlyAdmin):
    list_display = ("participant", "conference", "joined_at", "left_at", "seconds", "source", "superseded")
    list_filter = ("source", "superseded", "participant__conference__connection")
    list_select_related = ("participant__conference",)
    search_fields = ("participant__name", "participant__email", "participant__conference__title")
    date_hierarchy = "joined_at"

    @admin.display(ordering="participant__conference")
    def conference(self, obj: AttendanceSession) -> str:
        return str(obj.participant.conference)


@admin.register(Recording)
class RecordingAdmin(ReadOnlyAdmin):
    list_display = ("name", "conference", "kind", "started_at", "ended_at", "size", "gone_at")
    list_filter = ("kind", GONE, "conference__connection")
    list_select_related = ("conference",)
    search_fields = ("name", "conference__title")
    date_hierarchy = "started_at"


@admin.register(ChatMessage)
class ChatMessageAdmin(ReadOnlyAdmin):
    list_display = ("sent_at", "sender", "text_start", "conference", "kind", "edited_at", "deleted_at")
    list_filter = ("kind", "sender_kind", ("deleted_at", admin.EmptyFieldListFilter), GONE, "conference__connection")
    list_select_related = ("conference",)
    search_fields = ("sender", "text", "conference__title")
    date_hierarchy = "sent_at"

    @admin.display(description="text")
    def text_start(self, obj: ChatMessage) -> str:
        return obj.text[:80]


@admin.register(SharedFile)
class SharedFileAdmin(ReadOnlyAdmin):
    list_display = ("name", "conference", "shared_by", "shared_at", "size", "status", "gone_at")
    list_filter = ("status", GONE, "conference__connection")
    list_select_related = ("conference",)
    search_fields = ("name", "shared_by", "conference__title")
    date_hierarchy = "shared_at"


@admin.register(Registrant)
class RegistrantAdmin(ReadOnlyAdmin):
    list_display = ("name", "email", "conference", "status", "registered_at", "absent", "gone_at")
    list_filter = ("status", "absent", GONE, "conference__connection")
    list_select_related = ("conference",)
    search_fields = ("name", "email", "conference__title")
    date_hierarchy = "registered_at"


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    list_display = ("text_start", "asker", "conference", "asked_at", "status", "gone_at")
    list_filter = ("status", GONE, "conference__connection")
    list_select_related = ("conference",)
    search_fields = ("text", "asker", "email", "conference__title")
    date_hierarchy = "asked_at"

    @admin.display(description="text")
    def text_start(self, obj: Question) -> str:
        return obj.text[:80]


@admin.register(Response)
class ResponseAdmin(ReadOnlyAdmin):
    list_display = ("question_start", "answer_start", "respondent", "conference", "kind", "answered_at", "gone_at")
    list_filter = ("kind", GONE, "conference__connection")
    list_select_related = ("conference",)
    search_fields = ("question", "answer", "respondent", "email", "title", "conference__title")
    date_hierarchy = "answered_at"

    @admin.display(description="question")
    def question_start(self, obj: Response) -> str:
        return obj.question[:80]

    @admin.display(description="answer")
    def answer_start(self, obj: Response) -> str:
        return obj.answer[:80]


@admin.register(FlawedEntry)
class FlawedEntryAdmin(ReadOnlyAdmin):
    list_display = ("about", "reason", "operation", "conference", "connection", "stored", "first_seen_at", "gone_at")
    list_filter = ("operation", "stored", GONE, "connection")
    list_select_related = ("conference", "connection")
    search_fields = ("about", "reasons", "conference__title", "provider_id")
    date_hierarchy = "first_seen_at"

    @admin.display(description="what is wrong", ordering="reasons")
    def reason(self, obj: FlawedEntry) -> str:
        return ", ".join(obj.reasons)
