"""The open interface under /api/v1/: the same actions and verdicts as the pages, behind serializers."""
