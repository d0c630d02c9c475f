"""Lists a model folder's files with their SHA-256, by which DiffusionJ checks what it unpacks.

    python -m scripts.microdiff.train.checksums models/MicroDiff
"""
import hashlib
import sys
from pathlib import Path

NAME = "checksums.sha256"


def write(folder):
    """Writes the list in sha256sum's format, the list itself not among the files."""
    folder = Path(folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != NAME)
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n" for path in files]
    (folder / NAME).write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    write(sys.argv[1])
