"""What can be done with a project partnership."""

from partnerships.actions.files import add_partner, change_file, move, open_file, publish
from partnerships.actions.reminding import remind
from partnerships.actions.work import add_protocol, add_step, tick, write_note

__all__ = [
    "add_partner",
    "add_protocol",
    "add_step",
    "change_file",
    "move",
    "open_file",
    "publish",
    "remind",
    "tick",
    "write_note",
]
