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
package net.diffusionj.ort.rewrite;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.MappedByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import ai.onnx.proto.OnnxMl.ModelProto;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;

import net.diffusionj.DiffusionJException;
import net.diffusionj.InvalidInputException;
import net.diffusionj.home.AtomicFolder;
import net.diffusionj.home.DiskCache;
import net.diffusionj.home.Links;
import net.diffusionj.ort.onnx.HalfScan;
import net.diffusionj.ort.onnx.ModelHashes;

/**
 * Keeps, in the DiffusionJ home, models that compute in float32 made from models that compute in float16, which CPUs do ten times slower.
 * <p>
 * {@code cache/float32/HASH/model.onnx}, the hash over the model and its files of weights; weights in files of their own are linked, or copied where links
 * do not work. Thread-safe, and safe for several processes.
 * </p>
 */
public final class HalfModels {

    private static final Logger LOG = System.getLogger(HalfModels.class.getName());

    private static final String MODEL = "model.onnx";
    private static final int HASH_DIGITS = 32;
    /** What lies aside for longer was left by a process that was killed. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final DiskCache cache;
    private final ModelHashes hashes;

    /**
     * @param home the DiffusionJ home
     * @param maxBytes disk space for all models together; the one used longest ago goes first
     */
    public HalfModels(final Path home, final long maxBytes) {
        this.cache = DiskCache.ofFolders(home.resolve("cache").resolve("float32"), maxBytes, ABANDONED);
        this.hashes = new ModelHashes(home);
    }

    /**
     * Gives the model that computes in float32, making it if it is not there.
     *
     * @param model an ONNX file
     * @return the file to open; empty if the model does not compute in float16, or {@link #giveUp} was called for the same content
     * @throws DiffusionJException if it cannot be made
     */
    public Optional<Path> float32(final Path model) {
        final Optional<HalfScan> seen = scan(model);
        if (seen.isEmpty() || !seen.get().computesInHalf()) return Optional.empty();
        final HalfScan scan = seen.get();
        final List<Path> weights = scan.externalFiles().stream().map(model::resolveSibling).toList();
        if (!weights.stream().allMatch(Files::isReadable)) return Optional.empty();
        try {
            final String key = hashes.of(model).substring(0, HASH_DIGITS);
            if (cache.isGivenUp(key)) return Optional.empty();
            if (!Files.exists(cache.path(key))) make(model, scan, key);
            cache.touch(key);
            return Optional.of(cache.path(key).resolve(MODEL));
        }
        catch (final InvalidProtocolBufferException e) {
            throw new InvalidInputException(model + " is damaged: its structure cannot be read to the end. Download, copy or export it again.", e);
        }
        catch (final IOException e) {
            throw new DiffusionJException("The float16 model " + model + " cannot be rewritten to float32 in " + cache.folder() + ": " + e.getMessage()
                + ". Free some space, or set cpu.rewritefp16 to false to run it as it is, slowly.", e);
        }
    }

    /** A file that is not a model, or lacks its weights, is refused when it is opened. */
    private static Optional<HalfScan> scan(final Path model) {
        try {
            return Optional.of(HalfScan.of(model));
        }
        catch (final IOException e) {
            LOG.log(Level.DEBUG, "not looked through: " + model, e);
            return Optional.empty();
        }
    }

    /**
     * Forgets a rewritten model that did not open, so that it is made again.
     *
     * @param rewritten what {@link #float32} gave
     */
    public void discard(final Path rewritten) {
        cache.discard(keyOf(rewritten));
    }

    /**
     * Remembers, also for later starts, that a model with this content does not open when it is rewritten: making it costs time at every start otherwise.
     *
     * @param rewritten what {@link #float32} gave
     */
    public void giveUp(final Path rewritten) {
        discard(rewritten);
        try {
            cache.giveUp(keyOf(rewritten));
        }
        catch (final IOException e) {
            LOG.log(Level.DEBUG, "not remembered: " + rewritten, e);
        }
    }

    private static String keyOf(final Path rewritten) {
        return rewritten.getParent().getFileName().toString();
    }

    private void make(final Path model, final HalfScan scan, final String key) throws IOException {
        LOG.log(Level.INFO, "Rewriting {0} once to compute in float32, which the CPU does faster than float16.", model);
        try (AtomicFolder entry = cache.begin(key)) {
            cache.makeRoom(key, 0);
            write(model, entry.part().resolve(MODEL));
            for (final String name : scan.externalFiles()) Links.link(model.resolveSibling(name), inside(entry.part(), name));
            entry.commit();
        }
        cache.makeRoom(key, 0);
    }

    /** The file is mapped and its weights are written out from there: no copy of them in memory. */
    private static void write(final Path model, final Path target) throws IOException {
        try (FileChannel in = FileChannel.open(model)) {
            final MappedByteBuffer bytes = in.map(MapMode.READ_ONLY, 0, in.size());
            final CodedInputStream coded = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
            coded.enableAliasing(true);
            coded.setSizeLimit(Integer.MAX_VALUE);
            final ModelProto rewritten = HalfToFloat.rewrite(ModelProto.parseFrom(coded));
            try (FileChannel out = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OutputStream stream = new BufferedOutputStream(Channels.newOutputStream(out), 1 << 16)) {
                rewritten.writeTo(stream);
                stream.flush();
                out.force(true);
            }
        }
    }

    /** A model from elsewhere must not make us write elsewhere. */
    private static Path inside(final Path folder, final String name) throws IOException {
        final Path path = folder.resolve(name).normalize();
        if (!path.startsWith(folder)) throw new IOException("it names weights outside of its folder: " + name);
        return path;
    }
}
