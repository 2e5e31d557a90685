"""The vocabulary files: what they hold, that they can be remade, that they keep the rules."""
