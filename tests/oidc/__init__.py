"""A small OpenID provider on loopback, with real keys that rotate, and the tests of what we believe of it."""
