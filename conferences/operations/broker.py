"""Does the broker answer, and how many messages wait there?"""

from dataclasses import dataclass

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Broker:
    """messages  doorbells that no worker has taken yet; 0 where the broker does not answer"""

    answers: bool
    messages: int = 0


def ask(seconds: float = SECONDS) -> Broker:
    """Bounded by `seconds` for the connection and for the answer each, names apart."""
    limits = {"socket_connect_timeout": seconds, "socket_timeout": seconds, "retry": Retry(NoBackoff(), 0)}
    try:
        with redis.Redis.from_url(settings.REDIS_URL, **limits) as client:
            return Broker(True, int(client.llen(settings.CELERY_TASK_DEFAULT_QUEUE)))
    except (RedisError, OSError, ValueError):  # ValueError: no address of a Redis
        return Broker(False)
