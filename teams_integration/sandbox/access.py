"""Who may ask for what: permissions in the token, and the application access policy of the person in the address."""

from collections.abc import Collection
from dataclasses import dataclass

from conferences.providers.sandbox import Request
from teams_integration.sandbox.refusals import Refusal, bad_request, not_found
from teams_integration.sandbox.signin import Identity
from teams_integration.sandbox.world import Person, Tenant


@dataclass(frozen=True, slots=True)
class Asking:
    """One authenticated request."""

    request: Request
    identity: Identity

    @property
    def tenant(self) -> Tenant:
        return self.identity.tenant

    def person(self, id_or_upn: str) -> Person:
        person = self.tenant.find_person(id_or_upn)
        if person is None:
            raise not_found(
                f"Resource '{id_or_upn}' does not exist or one of its queried reference-property objects "
                "are not present.",
                "Request_ResourceNotFound",
            )
        return person

    def need(self, accepted: Collection[str], style: str) -> None:
        """Each of Graph's services says "no permission" in words of its own."""
        if self.identity.roles.isdisjoint(accepted):
            raise _STYLES[style](accepted, self.identity.roles)

    def under_policy(self, user: str) -> Person:
        """The organiser of an online meeting: an object id, and covered by a policy."""
        person = self.tenant.people.get(user.lower())
        if person is None and "@" in user:
            raise bad_request("Invalid user id in request URL: an object id is expected.", "InvalidArgument")
        if person is None:
            raise not_found(f"User {user} was not found.")
        if person.id in self.tenant.without_policy:
            raise Refusal(
                403,
                "Forbidden",
                f"No application access policy found for this app: {self.tenant.client_id} on the user: {person.id}.",
            )
        return person


def _directory(_accepted: Collection[str], _roles: Collection[str]) -> Refusal:
    return Refusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")


def _teams(accepted: Collection[str], roles: Collection[str]) -> Refusal:
    return Refusal(
        403,
        "Forbidden",
        f"Missing role permissions on the request. API requires one of '{', '.join(accepted)}'. Roles on the request "
        f"'{', '.join(sorted(roles))}'. Resource specific consent grants on the request ''.",
    )


def _files(_accepted: Collection[str], _roles: Collection[str]) -> Refusal:
    return Refusal(403, "accessDenied", "Access denied")


_STYLES = {"directory": _directory, "teams": _teams, "files": _files}
