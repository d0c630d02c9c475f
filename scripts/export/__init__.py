"""Torch models to ONNX folders."""
