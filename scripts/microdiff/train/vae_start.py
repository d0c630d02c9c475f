"""Starts the autoencoder as one that already keeps colour: latents 0 to 2 are block means of red, green and blue.

A randomly started one spends its first hour learning grey shapes and learns hue last. Residual branches start near zero,
so the shortcuts are a linear path; its group norms and SiLUs are undone by pairs of channels (x and -x, whose SiLUs differ by
x) beside constants that fix each group's spread. Everything is trained afterwards; only the start differs.
"""
import torch

#: Size of the constant channels, and mean square of a picture in -1..1 that they shall outweigh.
CONSTANT = 3.0
MEAN_SQUARE = 0.5
GAIN = 2.0


@torch.no_grad()
def start_with_colour(vae):
    _small_branches(vae)
    _encoder(vae)
    _decoder(vae)


def _small_branches(vae):
    for name, parameter in vae.named_parameters():
        if "resnets" in name and name.endswith("conv2.weight"):
            torch.nn.init.normal_(parameter, std=1e-3)
        elif "resnets" in name and name.endswith("conv2.bias"):
            parameter.zero_()


def _encoder(vae):
    encoder = vae.encoder
    _clear(encoder.conv_in, 8)
    for colour in range(3):
        encoder.conv_in.weight[colour, colour, 1, 1] = 1
        encoder.conv_in.weight[colour + 3, colour, 1, 1] = -1
    encoder.conv_in.bias[6], encoder.conv_in.bias[7] = CONSTANT, -CONSTANT
    for block in encoder.down_blocks:
        for resnet in block.resnets:
            _pass(resnet.conv_shortcut, 8, 0)
        for downsampler in block.downsamplers or ():
            _clear(downsampler.conv, 8)
            for channel in range(8):
                downsampler.conv.weight[channel, channel, :2, :2] = 0.25
    spread = _spread(encoder.conv_norm_out)
    latents = vae.config.latent_channels
    encoder.conv_out.weight[latents:] *= 0.1
    encoder.conv_out.bias[latents:] = -4.0
    encoder.conv_out.weight[:3] = 0
    for colour in range(3):
        encoder.conv_out.weight[colour, colour, 1, 1] = GAIN * spread
        encoder.conv_out.weight[colour, colour + 3, 1, 1] = -GAIN * spread
    _identity(vae.quant_conv)


def _decoder(vae):
    decoder = vae.decoder
    _identity(vae.post_quant_conv)
    _clear(decoder.conv_in, 8)
    for colour in range(3):
        decoder.conv_in.weight[colour, colour, 1, 1] = 1 / GAIN
        decoder.conv_in.weight[colour + 3, colour, 1, 1] = -1 / GAIN
    decoder.conv_in.bias[6], decoder.conv_in.bias[7] = CONSTANT, -CONSTANT
    for block in decoder.up_blocks:
        for resnet in block.resnets:
            _pass(resnet.conv_shortcut, 8, 0)
        for upsampler in block.upsamplers or ():
            _pass(upsampler.conv, 8, 1)
    spread = _spread(decoder.conv_norm_out)
    decoder.conv_out.weight *= 0.2
    decoder.conv_out.bias.zero_()
    for colour in range(3):
        decoder.conv_out.weight[colour, :8] = 0
        decoder.conv_out.weight[colour, colour, 1, 1] = spread
        decoder.conv_out.weight[colour, colour + 3, 1, 1] = -spread


def _spread(norm):
    """What the first group is divided by, if its other channels are small."""
    return ((6 * MEAN_SQUARE + 2 * CONSTANT ** 2) / (norm.num_channels // norm.num_groups)) ** 0.5


def _clear(conv, outputs):
    conv.weight[:outputs] = 0
    conv.bias[:outputs] = 0


def _pass(conv, outputs, centre):
    """Makes the first outputs copies of the first inputs; does nothing where the block has no such layer."""
    if conv is None:
        return
    _clear(conv, outputs)
    for channel in range(outputs):
        conv.weight[channel, channel, centre, centre] = 1


def _identity(conv):
    conv.weight.zero_()
    conv.bias.zero_()
    for channel in range(conv.weight.shape[0]):
        conv.weight[channel, channel, 0, 0] = 1
