"""Servers for the tests: real engines, started once a session and ended with it."""
