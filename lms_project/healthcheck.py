"""Whether the web server of this container is well: asks /healthz, and ends with 0 or 1."""

import http.client
import os
import sys
from http import HTTPStatus


def healthy() -> bool:
    """The request bears an allowed host's name; by the container's own, every request would be refused."""
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".*") or "localhost"
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=4)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if healthy() else 1)
