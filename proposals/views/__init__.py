"""Pages of proposals: form, find, one action, answer."""
