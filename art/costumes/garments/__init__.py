"""Garments that costumes are put together from; each builds itself on the mannequin."""
