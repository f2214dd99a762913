"""Forms of a request. What may be said is checked again by the actions."""

from servicerequests.forms.conversation import AnswerForm, MessageForm
from servicerequests.forms.filing import EntryForm, RequestForm

__all__ = ["AnswerForm", "EntryForm", "MessageForm", "RequestForm"]
