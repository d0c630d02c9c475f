"""python -m scripts.export"""
import sys

from .export import main

sys.exit(main(sys.argv[1:]))
