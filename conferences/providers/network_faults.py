"""What a broken exchange means: which of our errors stands for which of the network's."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import requests
import urllib3.exceptions

from conferences.providers.deadline import TooSlow
from conferences.providers.errors import ProviderError, ServerTrouble, Unreachable
from conferences.providers.redaction import redact

TOO_SLOW = "too_slow"

_WRAPPINGS = 10
_NO_CONNECTION = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)

T = TypeVar("T", bound=ProviderError)


@contextmanager
def network_faults(who: str) -> Iterator[None]:
    """Two families of errors come through: requests' own and, from reading the raw body, urllib3's."""
    try:
        yield
    except (urllib3.exceptions.DecodeError, requests.exceptions.ContentDecodingError) as error:
        raise _fault(ServerTrouble, f"{who} sent an answer that cannot be unpacked", error) from None
    except (TooSlow, requests.exceptions.ReadTimeout, urllib3.exceptions.ReadTimeoutError) as error:
        raise _fault(Unreachable, f"{who} took too long to answer", error, TOO_SLOW) from None
    except (OSError, urllib3.exceptions.HTTPError) as error:
        if _stems_from(error, ssl.SSLCertVerificationError):
            raise _untrusted(who, error) from None
        raise _broken_off(who, error) from None


def _fault(kind: type[T], what: str, error: Exception, code: str = "") -> T:
    return kind(
        f"{what}. Nothing that was stored is lost: try again in a few minutes.",
        code=code,
        advice="If it lasts, check this server's way to the internet and the provider's status page.",
        detail=redact(f"{type(error).__name__}: {error}")[:500],
    )


def _broken_off(who: str, error: Exception) -> Unreachable:
    fault = _fault(Unreachable, f"{who} could not be reached, or broke off", error)
    fault.sent = not _stems_from(error, *_NO_CONNECTION)
    return fault


def _untrusted(who: str, error: Exception) -> Unreachable:
    """Asking again would not change the certificate."""
    refusal = Unreachable(
        f"The connection to {who} is not secure: its certificate is not trusted here, so nothing was sent.",
        code="certificate_untrusted",
        advice="If this server stands behind an inspecting proxy, point REQUESTS_CA_BUNDLE at its certificates.",
        detail=redact(str(error))[:500],
    )
    refusal.permanent = True
    return refusal


def _stems_from(error: BaseException | None, *kinds: type[BaseException]) -> bool:
    """Whether one of these is at the bottom of it; requests wraps urllib3, which wraps ssl."""
    for _ in range(_WRAPPINGS):
        if error is None or isinstance(error, kinds):
            break
        inner = [value for value in (*error.args, getattr(error, "reason", None)) if isinstance(value, BaseException)]
        error = inner[0] if inner else error.__cause__ or error.__context__
    return isinstance(error, kinds)
