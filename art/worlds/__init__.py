"""The worlds of the themes: each a package with its `LOOK` and a `build()` that fills an empty scene."""
