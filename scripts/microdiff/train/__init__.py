"""Training: VAE on renders, latents encoded once, then text encoder and UNet together."""
