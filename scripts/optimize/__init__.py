"""Faster forms of a model's UNet for processors, made and judged by what its pictures lose."""
