"""Offline tests of the measurement itself: made-up faces, colours and packages."""
