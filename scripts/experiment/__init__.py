"""Experiments on the built program, and what they print."""
