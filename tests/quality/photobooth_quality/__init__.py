"""Judges portraits: fetches photos of people, and compares their faces with those of the portraits made of them."""
