"""The training step of a model folder's UNet as one ONNX graph, which any ONNX Runtime runs."""
