"""The express lane: a vote sent through the API, answered without the way through Django's threads."""
