"""Rows on real micrographs: test images of annotated sets, which no model is trained on."""
