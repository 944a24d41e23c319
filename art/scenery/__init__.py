"""What every world is made with: the scene and its camera, shader graphs, geometry, scattering and lights."""
