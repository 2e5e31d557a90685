"""Attacks on the front, and the audits it is measured by: run against a served application, as a stranger meets it."""
