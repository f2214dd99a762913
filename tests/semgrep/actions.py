"""Examples for actions.yml."""


# ruleid: request-in-a-rule
def support_proposal(proposal, request: HttpRequest): ...


# ok: request-in-a-rule
def withdraw_support(*, actor: Person, proposal: Proposal, at: datetime) -> None: ...
