"""The training and the judging of our own recogniser, `pipeline/models/reader.onnx`."""
