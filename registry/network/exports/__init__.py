"""Network answers as files: what is in one (``material``), and a module a format."""
