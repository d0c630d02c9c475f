"""python -m scripts.training"""
import sys

from .step import main

sys.exit(main())
