"""DiffusionJ beside other programs."""
