"""The worlds that can be served, by name."""

from collections.abc import Callable

from conferences.providers.sandbox import Options
from teams_integration.sandbox.stories import ethics_tutorial, large, meet_now, odd_ones, seminar
from teams_integration.sandbox.stories.cast import HARRIET, lakeside, northfield
from teams_integration.sandbox.world import ROLES, World


def everything(_options: Options) -> World:
    """Every story; conference 46 is refused for want of the access policy."""
    north, lake = northfield(), lakeside()
    for tell in (seminar.tell, ethics_tutorial.tell, odd_ones.tell_northfield, meet_now.tell):
        tell(north)
    odd_ones.tell_lakeside(lake)
    return World([north, lake])


def _policy_granted(options: Options) -> World:
    """The access policy covers conference 46's organiser as well."""
    world = everything(options)
    world.tenants[0].without_policy.discard(HARRIET.id)
    return world


def _missing_permissions(options: Options) -> World:
    """The app may only look people and meetings up."""
    world = everything(options)
    for tenant in world.tenants:
        tenant.roles = set(ROLES[:2])
    return world


def _expired_secret(options: Options) -> World:
    """Every client secret has expired."""
    world = everything(options)
    for tenant in world.tenants:
        tenant.secret_expired = True
    return world


def _speakers_hidden(options: Options) -> World:
    """Transcripts may be read, but not who spoke."""
    world = everything(options)
    for tenant in world.tenants:
        tenant.speakers_named = False
    return world


def _unlicensed(options: Options) -> World:
    """Chats are refused for want of a licence."""
    world = everything(options)
    for tenant in world.tenants:
        tenant.chat_licensed = False
    return world


def _short_tokens(options: Options) -> World:
    """Tokens live for three seconds, so that they expire in the middle of a sync."""
    world = everything(options)
    world.token_seconds = 3
    return world


def _shrunk(options: Options) -> World:
    """Microsoft has dropped a recording of the seminar, fifty of its messages and most of a report."""
    world = everything(options)
    seminar.shrink(world.tenants[0])
    return world


def _large(options: Options) -> World:
    """A meeting of --participants people and --messages messages, made up as it is asked for."""
    world = everything(options)
    large.tell(world.tenants[0], options.participants, options.messages)
    return world


SCENARIOS: dict[str, Callable[[Options], World]] = {
    "default": everything,
    "policy-granted": _policy_granted,
    "missing-permissions": _missing_permissions,
    "expired-secret": _expired_secret,
    "speakers-hidden": _speakers_hidden,
    "unlicensed": _unlicensed,
    "short-tokens": _short_tokens,
    "shrunk": _shrunk,
    "large": _large,
}


def build(options: Options) -> World:
    return SCENARIOS.get(options.scenario, everything)(options)


def descriptions() -> dict[str, str]:
    return {name: (scenario.__doc__ or "").strip() for name, scenario in SCENARIOS.items()}
