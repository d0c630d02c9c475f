"""The renderer: scene -> objects in depth planes -> optics and modality -> picture, instance mask and caption."""
from .captions import caption
from .picture import Picture, render
from .scene import Scene, Subject, sample_scene

__all__ = ["Picture", "Scene", "Subject", "caption", "render", "sample_scene"]
