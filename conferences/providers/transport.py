"""One request, one answer: never without time-outs, never more than so many bytes, never to where it was not sent."""

import logging
import os
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy

import requests
import urllib3.exceptions

from conferences.providers import tracing
from conferences.providers.anonymity import bare_path
from conferences.providers.base import Link
from conferences.providers.deadline import Watch, WatchedAdapter
from conferences.providers.errors import NotConfigured
from conferences.providers.network_faults import network_faults
from conferences.providers.origin import Origin, insist
from conferences.providers.payload import malformed, no_answer, parse_object
from conferences.providers.redaction import redact

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes; the bytes are counted after decompression."""

    connect_seconds: float = 5.0
    read_seconds: float = 25.0
    total_seconds: float = 60.0
    max_bytes: int = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `headers` finds its names in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    who: str
    request_id: str = ""

    def object(self) -> dict[str, object]:
        return parse_object(self.body, self.who, status=self.status, request_id=self.request_id)

    def text(self) -> str:
        """UTF-8, what is none replaced. Raises ServerTrouble for nothing at all and for a web page."""
        text = self.body.decode("utf-8-sig", "replace")
        if not text.strip() or text.lstrip().startswith("<"):
            raise no_answer(self.who, f"{len(self.body)} bytes", status=self.status, request_id=self.request_id)
        return text


def _bundle() -> str | bool:
    """Of the environment only the certificates count: no .netrc, which would replace the token, and no proxy."""
    path = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    return path or True


class Transport:
    """Sends to one origin only, and counts into the link what it sends. Safe to share between threads.

    request_id_header  where this provider puts its own id of the exchange
    """

    def __init__(
        self,
        base_url: str,
        *,
        who: str,
        request_id_header: str = "request-id",
        limits: Limits | None = None,
        link: Link | None = None,
    ) -> None:
        origin = Origin.of(base_url)
        if origin is None:
            raise NotConfigured(
                f"The address of {who} is not set up correctly, so nothing can be fetched from there.",
                code="bad_provider_url",
                advice=f"Check the provider addresses in this server's environment: “{redact(base_url)}” is none.",
            )
        self.base_url = base_url.rstrip("/")
        self.origin = origin
        self.who = who
        self._request_id_header = request_id_header
        self._limits = limits or Limits()
        self._link = link or Link()
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, WatchedAdapter(max_retries=0))

    def close(self) -> None:
        self._session.close()

    def exchange(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        secret_headers: Mapping[str, str] | None = None,
        redirects: bool = False,
    ) -> Answer:
        """`url` is absolute, or a path below the base. `secret_headers` join only once the address is known to be ours.
        `redirects` hands a redirect to the caller, who decides where to go; nothing here ever follows one.

        Raises Malformed for a foreign address or a redirect, Unreachable when no whole answer came, Cancelled.
        """
        address = self.base_url + url if url.startswith("/") and not url.startswith("//") else url
        insist(self.origin, address, self.who)
        request = requests.Request(method, address, params=params, data=data, headers=dict(headers or {}))
        with network_faults(self.who):
            prepared = self._session.prepare_request(request)
        # Preparing rewrites addresses; only what will really be called decides who gets the token.
        insist(self.origin, prepared.url or "", self.who)
        prepared.headers.update(secret_headers or {})
        self._link.stats.add(requests=1)
        started = time.monotonic()
        told = {"http.request.method": method, "url.path": bare_path(prepared.url or "")}
        with tracing.span(f"call {self.who}", told, calls_out=True) as span, network_faults(self.who):
            answer = self._send(prepared)
            span.tell({"http.response.status_code": answer.status, "lms.provider_request_id": answer.request_id})
            self._log(told, answer, started)
        if not redirects and HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
            raise malformed(self.who, f"a redirect ({answer.status})", code="redirected", request_id=answer.request_id)
        return answer

    def _send(self, prepared: requests.PreparedRequest) -> Answer:
        limits = self._limits
        with Watch(limits.total_seconds, self._link.stop) as watch:
            try:
                response = self._session.send(
                    prepared,
                    stream=True,
                    timeout=(limits.connect_seconds, limits.read_seconds),
                    allow_redirects=False,
                    verify=_bundle(),
                )
                with closing(response):
                    body = self._body(response, watch)
            except (OSError, urllib3.exceptions.HTTPError):
                watch.check()
                raise
        request_id = response.headers.get(self._request_id_header, "")
        return Answer(response.status_code, response.headers, body, self.who, request_id[:128])

    def _body(self, response: requests.Response, watch: Watch) -> bytes:
        """`iter_content` would wait for a full chunk and so miss the deadline."""
        body = bytearray()
        while chunk := response.raw.read1(65_536, decode_content=True):
            body += chunk
            watch.check()
            if len(body) > self._limits.max_bytes:
                raise malformed(self.who, f"more than {self._limits.max_bytes} bytes", code="answer_too_large")
        # A shut socket may look like the end of the answer.
        watch.check()
        # Read to its end: the connection may serve the next request.
        response.raw.release_conn()
        return bytes(body)

    @staticmethod
    def _log(told: Mapping[str, str], answer: Answer, started: float) -> None:
        method, path = told.values()
        milliseconds = round((time.monotonic() - started) * 1000)
        logger.debug(
            "%s %s → %s in %d ms %s",
            method,
            path,
            answer.status,
            milliseconds,
            answer.request_id,
            extra={"path": path, "status": answer.status, "ms": milliseconds, "provider_request_id": answer.request_id},
        )
