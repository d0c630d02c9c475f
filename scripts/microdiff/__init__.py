"""MicroDiff: renders micrographs with captions, trains the bundled model on them, and measures it."""
