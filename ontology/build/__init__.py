"""How every vocabulary file is made: from the publishers' tables and from the small tables kept beside this text.

Run it as ``python -m ontology.build --sources FOLDER``. The same input makes the same bytes: order is fixed, nothing
carries the time. Where a folder of sources is absent, what it feeds is left as it is, and said so.

Lives here: one module a subject (`units`, `variables`, `lists`, `iccs`, `isic`, `areas`, `languages`, `bindings`,
`correspondences`, `model`, `own_notes`), what they are written with (`scheme`, `turtle`, `identities`, `tables`).
Elsewhere: reading the files back (``ontology.files``, ``registry.storage.rdf``).
"""
