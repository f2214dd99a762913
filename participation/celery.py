"""Celery: tasks of every app. `celery -A participation worker` and `beat` with Redis; in the server's own process without."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from celery import Celery
from celery.beat import Service
from celery.worker import WorkController
from celery.worker import state as worker_state

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")

app = Celery("meydan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

STOP_SECONDS = 15


class EmbeddedCelery:
    """A worker (threads) and beat inside this process. They leave signals alone; `stop` lets running tasks finish."""

    def __init__(self, schedule_file: Path, *, threads: int = 2) -> None:
        self.schedule_file, self.threads = schedule_file, threads

    def start(self) -> None:
        """Start both and return at once; the first task may be sent before the worker listens."""
        os.environ.setdefault("CELERY_SKIP_CHECKS", "1")  # Django's checks have run, or run elsewhere
        worker_state.should_stop = worker_state.should_terminate = None
        if app.conf.broker_url.startswith("memory:"):  # kombu looks once a second otherwise
            app.conf.broker_transport_options = {**app.conf.broker_transport_options, "polling_interval": 0.05}
        self.worker = WorkController(
            app=app,
            hostname=f"embedded@{os.getpid()}",
            pool_cls="threads",
            concurrency=self.threads,
            loglevel="WARNING",
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            quiet=True,
        )
        self.schedule_file.parent.mkdir(parents=True, exist_ok=True)
        self.beat = Service(app, max_interval=1, schedule_filename=str(self.schedule_file))
        self.running = [
            threading.Thread(target=self.worker.start, name="celery-worker", daemon=True),
            threading.Thread(target=self._run_beat, name="celery-beat", daemon=True),
        ]
        for thread in self.running:
            thread.start()

    def _run_beat(self) -> None:
        app.set_current()
        self.beat.start()

    def ask_to_stop(self) -> None:
        """Begin stopping without waiting; safe in a signal handler."""
        worker_state.should_stop = os.EX_OK
        self.beat.stop(wait=False)
        threading.Thread(target=self._wake, name="celery-wake", daemon=True).start()

    def _wake(self) -> None:
        """A worker without tasks looks at its orders every two seconds, and once more before it obeys: give it messages."""
        while app.conf.broker_url.startswith("memory:") and self.running[0].is_alive():
            app.control.broadcast("ping")
            self.running[0].join(timeout=0.2)

    def stop(self) -> None:
        """Stop both after the tasks at work. A task not begun is lost with the in-memory broker, and kept by Redis."""
        if worker_state.should_stop is None:
            self.ask_to_stop()
        for thread in self.running:
            thread.join(timeout=STOP_SECONDS)
        worker_state.should_stop = None
