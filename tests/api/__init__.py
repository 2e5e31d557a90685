"""Tests of the doors, by the ASGI client and by one served process."""
