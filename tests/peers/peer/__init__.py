"""A portrait in plain Python: the same kind of steps with ONNX Runtime and OpenCV, to be timed beside ours."""
