"""The store on both engines: each rule has a test that fails without it."""
