"""Connections to hosts on the public internet only, so that nobody makes this server talk to its own network.

What is checked is the very address that is then connected to: a name that resolves to another one the next time gains
nothing.
"""

import os
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import certifi
from django.conf import settings
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

# These carry an address of the other kind within.
_TRANSLATED = IPv6Network("64:ff9b::/96")


class Refused(Exception):
    """The host is not one that may be talked to; str() is a sentence."""


class _Checked:
    """Connects to an address that was looked at. The certificate is still that of the name."""

    _dns_host: str
    port: int

    def _new_conn(self) -> socket.socket:
        name, self._dns_host = self._dns_host, permitted_address(self._dns_host, self.port)
        try:
            return super()._new_conn()  # type: ignore[misc]
        finally:
            self._dns_host = name


class _CheckedHTTP(_Checked, HTTPConnection):
    pass


class _CheckedHTTPS(_Checked, HTTPSConnection):
    pass


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _CheckedHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _CheckedHTTPS


def pool() -> PoolManager:
    """No proxy, since that would be the one to choose the address."""
    manager = PoolManager(cert_reqs="CERT_REQUIRED", ca_certs=os.environ.get("REQUESTS_CA_BUNDLE") or certifi.where())
    manager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
    return manager


def permitted_address(host: str, port: int) -> str:
    """The first address of the host, if every one of them may be talked to. Raises Refused, OSError."""
    host = host.strip("[]")
    found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for address in found:
        if not _is_permitted(address):
            raise Refused(
                "The address leads into a private network. "
                "If that is meant, allow it with ALERT_WEBHOOKS_TO_PRIVATE_NETWORKS."
            )
    return found[0]


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _is_permitted(address: str) -> bool:
    if settings.ALERT_WEBHOOKS_TO_PRIVATE_NETWORKS or (settings.DEBUG and is_loopback(address)):
        return True
    ip = _carried(ip_address(address.partition("%")[0]))
    return ip.is_global and not ip.is_multicast


def _carried(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _TRANSLATED:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip
