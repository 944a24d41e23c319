"""Stencils of face paint, drawn in the face mesh's canonical UV space."""
