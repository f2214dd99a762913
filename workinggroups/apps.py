from django.apps import AppConfig


class WorkingGroupsConfig(AppConfig):
    name = "workinggroups"

    def ready(self) -> None:
        from discussions import policies
        from workinggroups import journal_kinds  # noqa: F401
        from workinggroups.permissions import GroupThreadPolicy

        policies.register("workinggroups.charter", GroupThreadPolicy())
