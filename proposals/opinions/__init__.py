"""Opinions of the general assembly: who may do what, the rule they are decided by, their documents and pages."""
