"""`manage.py serve`: the whole site in one process, ready for people. `make demo` runs it with DEMO=1."""

from __future__ import annotations

import os
import signal
import sys
import warnings
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from participation import embedded, serving
from participation.services import check_configured_services, report_and_exit_when_missing, start_embedded_services
from people.demo_people import DEMO_PEOPLE

ONE_AT_A_TIME = 7_305_012  # advisory lock: two servers that start together do not migrate together


class Command(BaseCommand):
    help = "Serve the site: database, pages, live connections and tasks in one process. PORT and BIND set the address."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--without-tasks",
            action="store_true",
            help="leave tasks to workers and beat of their own (needs REDIS_URL)",
        )
        parser.add_argument(
            "--only",
            choices=["pages", "live"],
            default="",
            help="serve one half: pages and the API, or live connections; no tasks in either (needs REDIS_URL)",
        )

    def handle(self, *args: Any, without_tasks: bool, only: str, **options: Any) -> None:
        if only and not settings.REDIS_URL:
            raise CommandError("--only needs REDIS_URL: without Redis the halves cannot hear each other.")
        if without_tasks and not settings.REDIS_URL:
            raise CommandError("--without-tasks needs REDIS_URL: without Redis no other process can get the tasks.")
        signal.signal(signal.SIGTERM, _leave)
        try:
            listening = serving.listen(*serving.address(os.environ))
        except serving.NoAddress as error:
            raise CommandError(str(error)) from None
        try:
            with report_and_exit_when_missing():
                check_configured_services()
                start_embedded_services()
            self.prepare_database()
            self.serve(listening, half=only, with_tasks=not without_tasks and not only)
        except KeyboardInterrupt:
            self.stdout.write("")
        finally:
            listening.close()
            connection.close()
            connection.close_pool()
            embedded.stop()

    def prepare_database(self) -> None:
        """Bring the schema up to date, and load the demo into an empty database in demo mode."""
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")
            cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        try:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                self.say("Veritabanı hazırlanıyor …", "Preparing the database …")
                call_command("migrate", verbosity=0, interactive=False)
            if settings.DEMO and not get_user_model().objects.exists():
                self.say("Örnek veriler yükleniyor …", "Loading the demo …")
                call_command("load_demo")
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])
                cursor.execute("RESET lock_timeout; RESET statement_timeout")
            connection.close()

    def serve(self, listening: Any, *, half: str, with_tasks: bool) -> None:
        tasks = None
        if with_tasks:
            from participation.celery import EmbeddedCelery

            tasks = EmbeddedCelery(serving.schedule_file(settings.VAR_DIR))
            tasks.start()
        self.announce()
        # WhiteNoise warns when this folder is missing, and Django that WhiteNoise reads files in a thread: both are meant.
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
        try:
            serving.serve(listening, half=half, on_stop=tasks.ask_to_stop if tasks else lambda: None)
        finally:
            if tasks:
                tasks.stop()

    def announce(self) -> None:
        self.stdout.write(f"\n  Meydan  {settings.SITE_URL}\n")
        if settings.DEMO:
            self.stdout.write("\n  Demo kişileri, tek tıkla giriş / demo people, one click to sign in:\n")
            self.stdout.write(f"  {settings.SITE_URL}/demo/kisiler/\n")
            for person in DEMO_PEOPLE:
                self.stdout.write(f"    {person.display_name:<18} {person.role}\n")
        self.stdout.write("\n  Ctrl-C durdurur / stops.\n\n")
        self.stdout.flush()

    def say(self, turkish: str, english: str) -> None:
        self.stdout.write(f"  {turkish} / {english}")
        self.stdout.flush()


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
