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
package net.diffusionj.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/**
 * One damaged input and the command line that is given it, made from a seed and a number alone.
 *
 * @param kind what was damaged: model, tokenizer, configuration or image
 * @param what which file, and how
 * @param arguments the command line
 */
record FuzzCase(String kind, String what, List<String> arguments) {

    private static final String[] MODELS = {"sd1", "sd1-legacy", "lcm", "turbo", "sd2-v"};
    private static final FuzzBytes.Way[] WAYS = FuzzBytes.Way.values();

    /**
     * Writes the input of a case.
     *
     * @param seed of the whole run
     * @param number of the case
     * @param images sound images, by name
     * @param scratch emptied and filled
     * @return the case
     */
    static FuzzCase write(final long seed, final int number, final Map<String, byte[]> images, final Path scratch) throws IOException {
        empty(scratch);
        final Random random = new Random(seed * 1_000_003 + number);
        return switch (number % 4) {
            case 0 -> model(random, scratch);
            case 1 -> text(random, scratch, "tokenizer");
            case 2 -> text(random, scratch, "configuration");
            default -> image(random, images, scratch);
        };
    }

    private static FuzzCase model(final Random random, final Path scratch) throws IOException {
        final Path model = copy(random, scratch);
        final Path file = choose(files(model, ".onnx", ".onnx_data", ".pb"), random);
        final FuzzBytes.Way way = WAYS[random.nextInt(WAYS.length)];
        final boolean asGraph = file.toString().endsWith(".onnx") && random.nextBoolean();
        final byte[] whole = Files.readAllBytes(file);
        Files.write(file, asGraph ? FuzzOnnx.damage(whole, random) : FuzzBytes.damage(whole, way, random));
        return new FuzzCase("model", model.relativize(file) + " " + (asGraph ? "graph" : way), draw(model, file.toString().contains("vae_encoder"), random));
    }

    private static FuzzCase text(final Random random, final Path scratch, final String kind) throws IOException {
        final Path model = copy(random, scratch);
        final boolean tokenizer = kind.equals("tokenizer");
        final List<Path> files = new ArrayList<>(files(model, ".json", ".txt"));
        files.removeIf(file -> file.toString().contains("tokenizer") != tokenizer);
        final Path file = choose(files, random);
        if (tokenizer && random.nextBoolean()) Files.deleteIfExists(model.resolve("tokenizer/tokenizer.json").equals(file) ? scratch.resolve("none")
            : model.resolve("tokenizer/tokenizer.json"));
        final byte[] whole = Files.readAllBytes(file);
        final boolean asJson = file.toString().endsWith(".json") && random.nextInt(3) > 0;
        final FuzzBytes.Way way = WAYS[random.nextInt(WAYS.length)];
        Files.write(file, asJson ? FuzzJson.damage(new String(whole, StandardCharsets.UTF_8), random).getBytes(StandardCharsets.UTF_8)
            : FuzzBytes.damage(whole, way, random));
        final boolean info = !tokenizer && random.nextInt(4) == 0;
        return new FuzzCase(kind, model.relativize(file) + " " + (asJson ? "JSON" : way),
            info ? List.of("info", "--model", model.toString()) : draw(model, random.nextInt(4) == 0, random));
    }

    private static FuzzCase image(final Random random, final Map<String, byte[]> images, final Path scratch) throws IOException {
        final String name = List.copyOf(images.keySet()).get(random.nextInt(images.size()));
        final FuzzBytes.Way way = WAYS[random.nextInt(WAYS.length)];
        final Path file = Files.write(scratch.resolve(name), FuzzBytes.damage(images.get(name), way, random));
        final List<String> arguments = new ArrayList<>(List.of("img2img", "--model", CliRun.model("sd1"), "--input", file.toString(), "--strength",
            random.nextInt(4) == 0 ? "0.5" : "0", "--prompt", "cells", "--steps", "2", "--seed", "1", "--width", "32", "--height", "32", "--output",
            scratch.resolve("out.tif").toString()));
        if (random.nextInt(8) == 0) arguments.addAll(List.of("--fit", "native"));
        return new FuzzCase("image", name + " " + way, arguments);
    }

    private static List<String> draw(final Path model, final boolean fromImage, final Random random) {
        final List<String> arguments = new ArrayList<>(List.of(fromImage ? "img2img" : "txt2img", "--model", model.toString(), "--prompt",
            random.nextBoolean() ? "sparse bright nuclei" : "x".repeat(1 + random.nextInt(200)), "--negative", "blur, <|endoftext|> 12", "--steps", "2",
            "--seed", "1",
            "--width", "32", "--height", "32", "--output", model.resolveSibling("out.png").toString()));
        if (fromImage) arguments.addAll(List.of("--input", Folders.RESOURCES.resolve("pipeline/source-48x32.png").toString()));
        return List.copyOf(arguments);
    }

    private static Path copy(final Random random, final Path scratch) throws IOException {
        final String name = MODELS[random.nextInt(MODELS.length)];
        return Models.copy(name, scratch.resolve(name));
    }

    private static List<Path> files(final Path model, final String... endings) throws IOException {
        try (Stream<Path> files = Files.walk(model)) {
            return files.filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith)).sorted().toList();
        }
    }

    private static Path choose(final List<Path> files, final Random random) {
        return files.get(random.nextInt(files.size()));
    }

    private static void empty(final Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).filter(file -> !file.equals(folder)).forEach(file -> {
                try {
                    Files.delete(file);
                }
                catch (final IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
