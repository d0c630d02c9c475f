/*-
 * #%L
 * Stable Diffusion for ImageJ, on ONNX Runtime.
 * %%
 * Copyright (C) 2026 DiffusionJ developers.
 * %%
 * Redistribution and use in source and binary forms, with or without
 * modification, are permitted provided that the following conditions are met:
 *
 * 1. Redistributions of source code must retain the above copyright notice,
 *    this list of conditions and the following disclaimer.
 * 2. Redistributions in binary form must reproduce the above copyright notice,
 *    this list of conditions and the following disclaimer in the documentation
 *    and/or other materials provided with the distribution.
 *
 * THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS"
 * AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE
 * IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE
 * ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDERS OR CONTRIBUTORS BE
 * LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR
 * CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF
 * SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS
 * INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN
 * CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE)
 * ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE
 * POSSIBILITY OF SUCH DAMAGE.
 * #L%
 */
package net.diffusionj.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Names in words the kinds of model that diffusers' pipeline classes stand for and that this version does not run. Of classes with the parts of Stable
 * Diffusion 1.x and 2.x, and of classes it does not know, it says nothing.
 */
final class PipelineKinds {

    /** By what the class's name has in it, in lower case; the first that fits counts. */
    private static final Map<String, String> KINDS = kinds();

    private static Map<String, String> kinds() {
        final Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put("controlnet", "a ControlNet model");
        kinds.put("flux", "a Flux model");
        kinds.put("diffusion3", "a Stable Diffusion 3 model");
        kinds.put("stablecascade", "a Stable Cascade model");
        kinds.put("wuerstchen", "a W\u00FCrstchen model");
        kinds.put("imagevariation", "an image variation model, whose prompt is an image");
        kinds.put("dualguided", "a Versatile Diffusion model");
        kinds.put("versatilediffusion", "a Versatile Diffusion model");
        kinds.put("stablevideo", "a video model (Stable Video Diffusion)");
        kinds.put("animatediff", "a video model (AnimateDiff)");
        kinds.put("texttovideo", "a video model");
        kinds.put("imagetovideo", "a video model");
        kinds.put("videotovideo", "a video model");
        kinds.put("i2vgen", "a video model (I2VGen)");
        kinds.put("cogvideo", "a video model (CogVideoX)");
        kinds.put("cosmos", "a video model (Cosmos)");
        kinds.put("mochi", "a video model (Mochi)");
        kinds.put("latte", "a video model (Latte)");
        kinds.put("allegro", "a video model (Allegro)");
        kinds.put("ltx", "a video model (LTX)");
        kinds.put("wanpipeline", "a video model (Wan)");
        kinds.put("wanimage", "a video model (Wan)");
        kinds.put("audio", "a model of sounds");
        kinds.put("music", "a model of sounds");
        kinds.put("dancediffusion", "a model of sounds");
        kinds.put("spectrogram", "a model of sounds");
        kinds.put("shape", "a model of three-dimensional shapes (Shap-E)");
        kinds.put("ldm3d", "a model of images with depth (LDM3D)");
        kinds.put("kandinsky", "a Kandinsky model");
        kinds.put("unclip", "an unCLIP model");
        kinds.put("pixart", "a PixArt model");
        kinds.put("hunyuan", "a Hunyuan model");
        kinds.put("lumina", "a Lumina model");
        kinds.put("auraflow", "an AuraFlow model");
        kinds.put("cogview", "a CogView model");
        kinds.put("qwenimage", "a Qwen-Image model");
        kinds.put("kolors", "a Kolors model");
        kinds.put("chroma", "a Chroma model");
        kinds.put("hidream", "a HiDream model");
        kinds.put("omnigen", "an OmniGen model");
        kinds.put("sanapipeline", "a Sana model");
        kinds.put("sanasprint", "a Sana model");
        kinds.put("ditpipeline", "a diffusion transformer that draws classes (DiT)");
        kinds.put("amused", "an aMUSEd model");
        kinds.put("vqdiffusion", "a VQ Diffusion model");
        kinds.put("unidiffuser", "a UniDiffuser model");
        kinds.put("altdiffusion", "an AltDiffusion model, whose text encoder is not CLIP's");
        kinds.put("blipdiffusion", "a BLIP Diffusion model");
        kinds.put("paintbyexample", "a Paint by Example model, whose prompt is an image");
        kinds.put("gligen", "a GLIGEN model");
        kinds.put("adapter", "a model that needs a T2I adapter");
        kinds.put("marigold", "a model that estimates depth or normals (Marigold)");
        kinds.put("xl", "a Stable Diffusion XL model");
        kinds.put("ssd1b", "a Stable Diffusion XL model");
        kinds.put("inpaint", "an inpainting model");
        kinds.put("pix2pix", "an InstructPix2Pix model");
        kinds.put("upscale", "an upscaling model");
        kinds.put("superresolution", "an upscaling model");
        kinds.put("depth2img", "a depth-to-image model");
        kinds.put("ldmtexttoimage", "a latent diffusion model with a text encoder of its own (LDM)");
        return Collections.unmodifiableMap(kinds);
    }

    /** Whole names. */
    private static final Map<String, String> EXACT = Map.ofEntries(Map.entry("ddpmpipeline", "a DDPM model, which draws without a prompt"),
        Map.entry("ddimpipeline", "a DDIM model, which draws without a prompt"), Map.entry("pndmpipeline", "a PNDM model, which draws without a prompt"),
        Map.entry("ldmpipeline", "a latent diffusion model without a prompt (LDM)"),
        Map.entry("scoresdevepipeline", "a score-based model, which draws without a prompt"),
        Map.entry("karrasvepipeline", "a score-based model, which draws without a prompt"),
        Map.entry("consistencymodelpipeline", "a consistency model of pixels, which draws without a prompt"),
        Map.entry("repaintpipeline", "a DDPM model that fills holes (RePaint)"), Map.entry("ifpipeline", "a DeepFloyd IF model"),
        Map.entry("ifimg2imgpipeline", "a DeepFloyd IF model"));

    private PipelineKinds() {}

    /** @param pipelineClass {@code _class_name} of model_index.json
     *  @return the kind, in words */
    static Optional<String> named(final String pipelineClass) {
        final String name = pipelineClass.toLowerCase(Locale.ROOT);
        if (EXACT.containsKey(name)) return Optional.of(EXACT.get(name));
        return KINDS.entrySet().stream().filter(kind -> name.contains(kind.getKey())).map(Map.Entry::getValue).findFirst();
    }
}
