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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.rewrite.Int8Models;

/** Finds the parts of a model folder and says in words why something is not a model folder. Reads names, not contents. */
final class ModelParts {

    /** Beside a UNet, and not one itself. */
    static final String TRAINING = "training.onnx";

    private static final String EXPORT = "scripts/export/export.py";

    private ModelParts() {}

    /** @return the part's ONNX file: {@code model.onnx}, or the only one there is under another name */
    static Optional<Path> find(final Path root, final String part) {
        final Path folder = root.resolve(part);
        final Path usual = folder.resolve("model.onnx");
        if (Files.exists(usual)) return Optional.of(usual);
        final List<Path> others = files(folder, ".onnx").stream().filter(file -> !file.endsWith(TRAINING) && !Int8Models.isOne(file)).toList();
        return others.size() == 1 ? Optional.of(others.get(0)) : Optional.empty();
    }

    static Path require(final Path root, final String part) {
        return find(root, part).orElseThrow(() -> new InvalidInputException(missing(root, part)));
    }

    static void requireModelFolder(final Path root) {
        if (!Files.exists(root)) {
            throw new InvalidInputException("There is no folder " + root + ". Give a folder that holds an ONNX model, or the name of an installed"
                + " model.");
        }
        if (!Files.isDirectory(root)) throw new InvalidInputException(notAFolder(root));
        if (ModelFolder.looksLikeOne(root)) return;
        if (isTorch(root)) throw new InvalidInputException(torchOnly(root));
        throw new InvalidInputException(notAModel(root));
    }

    private static String notAFolder(final Path file) {
        final String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".safetensors") || name.endsWith(".ckpt") || name.endsWith(".pt") || name.endsWith(".pth")) {
            return file + " is a PyTorch checkpoint, not a folder of ONNX parts. Export it first: " + EXPORT + " does that.";
        }
        for (Path folder = file.getParent(); folder != null; folder = folder.getParent()) {
            if (ModelFolder.looksLikeOne(folder)) return file + " is a file, not a folder. Give the folder that holds the model: " + folder + ".";
        }
        return file + " is a file, not a folder. Give a folder that holds an ONNX model (unet/model.onnx and the other parts).";
    }

    private static String notAModel(final Path root) {
        final String start = root + " is not a model folder: neither model_index.json nor unet/model.onnx was found in it.";
        final Path parent = root.getParent();
        if (parent != null && ModelFolder.looksLikeOne(parent)) return start + " It is a part of one: give " + parent + " instead.";
        final List<Path> below = ModelFolder.modelsIn(root);
        if (below.size() == 1) return start + " Its subfolder " + below.get(0).getFileName() + " is one: give " + below.get(0) + " instead.";
        if (!below.isEmpty()) {
            return start + " These subfolders are: " + below.stream().map(path -> path.getFileName().toString()).collect(Collectors.joining(", "))
                + ". Give one of them.";
        }
        return start + " Give a Stable Diffusion model in ONNX form; " + EXPORT + " makes one from a diffusers model.";
    }

    private static String missing(final Path root, final String part) {
        if (isTorch(root)) return torchOnly(root);
        final Path folder = root.resolve(part);
        final List<Path> onnx = files(folder, ".onnx");
        if (onnx.size() > 1) {
            return folder + " holds " + onnx.size() + " ONNX files and none is called model.onnx. Rename the one to use to model.onnx.";
        }
        if (Files.isDirectory(folder)) return folder + " holds no model.onnx. Copy or export that part of the model again.";
        return root + " is not a complete model: the part " + part + "/model.onnx is missing. Copy or export the model again.";
    }

    private static boolean isTorch(final Path root) {
        final boolean anyOnnx = Stream.of("unet", "text_encoder", "vae_decoder").anyMatch(part -> find(root, part).isPresent());
        return !anyOnnx && Stream.of("unet", "transformer", "vae", "text_encoder").map(root::resolve)
            .anyMatch(part -> !files(part, ".safetensors").isEmpty() || !files(part, ".bin").isEmpty());
    }

    private static String torchOnly(final Path root) {
        return root + " holds a PyTorch model (safetensors or bin files), not an ONNX one. Export it first: " + EXPORT + " does that.";
    }

    /** macOS leaves a file {@code ._name} beside every file that it copies to a foreign disk, and a folder of them in its archives. */
    static boolean isHidden(final Path path) {
        final String name = path.getFileName().toString();
        return name.startsWith(".") || name.equals("__MACOSX");
    }

    private static List<Path> files(final Path folder, final String ending) {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(path -> path.getFileName().toString().endsWith(ending) && !isHidden(path)).sorted().toList();
        }
        catch (final IOException e) {
            throw new InvalidInputException(folder + " cannot be read (" + FileFault.reason(e) + "). Check its permissions.", e);
        }
    }
}
