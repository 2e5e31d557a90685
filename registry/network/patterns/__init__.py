"""The library of patterns: shapes of trafficking that investigators know, each with its parameters.

Lives here: what each pattern is and how it is found in a slice of events, pure. Elsewhere: the words for people
(docs/patterns.md), who may look and where (``registry.network.pattern_queries``).
"""
