"""Tests of the models' build: `python3 -m unittest discover -s models/tests -t models`, in the converters' environment."""
