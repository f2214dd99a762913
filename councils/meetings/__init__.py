"""Meetings of the municipal council: their expected days, the calendar's import and export, who keeps it."""
