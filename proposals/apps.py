from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    name = "proposals"

    def ready(self) -> None:
        from ballots import policies as ballot_policies
        from discussions import policies as thread_policies
        from proposals import journal_kinds  # noqa: F401
        from proposals.opinions.permissions import OpinionBallotPolicy
        from proposals.permissions import ProposalBallotPolicy, ProposalThreadPolicy

        thread_policies.register("proposals.proposal", ProposalThreadPolicy())
        ballot_policies.register("proposals.proposal", ProposalBallotPolicy())
        ballot_policies.register("proposals.opinion", OpinionBallotPolicy())
