"""Single statements sent to one server over a Bolt connection of our own: the fast read path (ADR 11)."""
