"""Evaluation: what the issue asks of MicroDiff, measured on pictures that the Java pipeline draws."""
