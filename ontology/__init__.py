"""The words: the vocabularies as Turtle files, and the little code that finds, reads, hashes and remakes them.

Lives here: every IRI (`namespaces`), the packaged files (`files`), how they are made (`build`).
Elsewhere: what the words mean to the program (``registry.classification``), how they are served (``graphql_api``).
"""
