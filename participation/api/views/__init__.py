"""The endpoints. Each finds what the person may see, calls one action and answers."""
