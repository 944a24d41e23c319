"""Other hours of the worlds, made from their backdrops."""
