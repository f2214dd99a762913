#!/usr/bin/env python
"""Meydan's commands. Without DATABASE_URL the embedded PostgreSQL runs for as long as the command does."""

import os
import sys

WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "serve",  # starts and stops it itself
    "spectacular",
    "startapp",
    "translations",
    "version",
    "--help",
    "-h",
    "--version",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")
    from participation.services import check_configured_services, report_and_exit_when_missing, start_embedded_services
    from participation.serving import NoAddress, name_the_site

    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command == "serve":
        try:
            name_the_site(os.environ)
        except NoAddress as error:
            sys.exit(str(error))
    if command not in WITHOUT_DATABASE and not {"--help", "-h"} & set(sys.argv):
        with report_and_exit_when_missing():
            check_configured_services()
            start_embedded_services()

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
