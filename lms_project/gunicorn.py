"""How gunicorn serves the pages: a few processes with threads, renewed now and then."""

import os

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms_project.settings")

bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
timeout = 60  # seconds; longer than any statement may run in the database
graceful_timeout = 20  # seconds
max_requests, max_requests_jitter = 2000, 200
# Heartbeats are files: on a disk that is busy or slow they would look like a hang.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108
# Like everything else's; each request has a line there that the site itself writes.
logconfig_dict = settings.LOGGING
# Nobody steers a running server here, and a container's home may not exist.
control_socket_disable = True
