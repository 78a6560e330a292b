"""What an admin must do, step by step, for each refusal that somebody can lift."""

from string import Template

_APP = "Microsoft Entra admin center › App registrations › All applications › app $client_id"
_PORTAL = f"{_APP} › API permissions"

# https://learn.microsoft.com/en-us/graph/cloud-communication-online-meeting-application-access-policy
ACCESS_POLICY = """\
In Teams PowerShell, as a Teams administrator:
    Connect-MicrosoftTeams
    New-CsApplicationAccessPolicy -Identity "LMS-Sync" -AppIds "$client_id" -Description "Lets the LMS read its classes"
    Grant-CsApplicationAccessPolicy -PolicyName "LMS-Sync" -Identity "$organizer"
To allow it for every organiser, run this instead of the last line:
    Grant-CsApplicationAccessPolicy -PolicyName "LMS-Sync" -Global
It takes up to 30 minutes to take effect. Then sync again."""

# https://learn.microsoft.com/en-us/graph/api/onlinemeeting-list-transcripts
TRANSCRIPT_SWITCH = (
    "Teams admin center › Meetings › Meeting settings: allow API access to transcripts. Then sync again. Until then "
    "transcripts are left out; recordings are not affected."
)
SPEAKER_SWITCH = (
    "Teams admin center › Meetings › Meeting settings: allow speaker attribution in transcripts. Then sync again."
)
WRONG_ORGANIZER = (
    "Open the meeting in the organiser's calendar and enter that person's address or object id as the "
    "conference's organiser. "
    "If the organiser is right, the application access policy covers somebody else only; it is granted with:\n"
    '    Grant-CsApplicationAccessPolicy -PolicyName "LMS-Sync" -Identity "<object id of the organiser>"'
)
NO_ONEDRIVE = (
    "OneDrive was never set up for the organiser ($organizer), or the account is gone. If recordings are expected, "
    "sign in once as that person at https://www.office.com and open OneDrive."
)
LICENCE = (
    "Assign a Microsoft 365 licence that includes Teams, SharePoint and OneDrive to the organiser, then sync again."
)
SIGN_IN = (
    "Check that the app still exists and is enabled, and that the connection names the right tenant. A new client "
    "secret may be needed."
)
_FILES_DENIED = (
    f"{_PORTAL}: the application permission Files.Read.All must be granted, with admin consent. If it is, look for a "
    "site that is locked or archived, a sensitivity label, or a “block download” policy on the"
)
ONEDRIVE_DENIED = f"{_FILES_DENIED} organiser's OneDrive ($organizer)."
SHARED_FILE_DENIED = f"{_FILES_DENIED} OneDrive of whoever shared the file."
MEETING_ID = "Ids of calendar events (AAMk…, AQMk…) are not meeting ids. The join link holds all that is needed."
USER = (
    "Compare the organiser's object id ($organizer) with Microsoft Entra admin center › Users. It must be an "
    "account of the connection's own tenant."
)


def permission(name: str) -> str:
    return (
        f"{_PORTAL} › Add a permission › Microsoft Graph › Application permissions: add {name}.\n"
        "There, choose “Grant admin consent”. For Microsoft Graph this takes a Global Administrator or a Privileged "
        "Role Administrator; a Cloud Application Administrator may add the permission, but not consent to it.\n"
        "Sync again after an hour at the latest: tokens that were issued before do not have it."
    )


def possible(accepted: tuple[str, ...], *, under_policy: bool) -> str:
    """For a refusal that does not give its reason."""
    lines = (
        [f"{_PORTAL}: check that one of these is granted, with admin consent: {', '.join(accepted)}."]
        if accepted
        else []
    )
    if under_policy:
        lines.append(f"If it is, the application access policy may be missing.\n{ACCESS_POLICY}")
    return "\n".join(lines)


def filled(text: str, *, client_id: str, organizer: str) -> str:
    return Template(text).safe_substitute(client_id=client_id, organizer=organizer or "<object id of the organiser>")
