"""A sample world: invented events, people and agencies shaped like a trafficking network, in the import format.

Nothing in it is about anybody: people have keys and no names, agencies are called invented, and the only real things
are the codes. Lives here: ``presets`` (how large, how entangled), ``draws`` (the distributions), ``palette`` (the
codes to draw from), ``typologies`` (patterns planted on purpose), ``world`` (the stream of events), ``actions``
(files). A world of the same seed, preset, size and vocabulary is the same, byte for byte.
"""
