"""docs/performance.md, made by the commands that it shows."""
