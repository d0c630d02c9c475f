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
package net.diffusionj.model.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;

import com.google.gson.JsonObject;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

import net.diffusionj.DiffusionJException;
import net.diffusionj.InvalidInputException;

/**
 * A model folder's tokenizer, over Hugging Face's native one: ids equal those of transformers' {@code CLIPTokenizerFast}. Cutting and padding
 * are done here, so that it is known which text was cut.
 * <p>
 * Thread-safe: any number of threads encode at once. Closing the native tokenizer while one of them runs would corrupt the process, so
 * {@link #close()} waits for them.
 * </p>
 */
public final class ClipTokenizer implements Tokenizer {

    private static final Map<String, String> NEITHER_CUT_NOR_PAD = Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "true");

    /** Lies beside the parts of an unpacked model. */
    private static final String BUNDLED_SIGN = "checksums.sha256";

    /** Fair, so that a close is not kept waiting by encodings that come after it. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock(true);
    private final HuggingFaceTokenizer natively;
    private final int maxLength;
    private final int startId;
    private final int endId;
    private final int paddingId;
    private boolean closed;

    private ClipTokenizer(final Path folder, final HuggingFaceTokenizer natively, final int maxLength, final Optional<Integer> paddingId) {
        this.natively = natively;
        this.maxLength = maxLength;
        final long[] frame = natively.encode("").getIds();
        if (frame.length != 2) {
            throw new InvalidInputException("The tokenizer in " + folder + " should put one start and one end token around a prompt, but puts "
                + frame.length + " tokens. It is not a CLIP tokenizer; copy the one that belongs to the text encoder.");
        }
        startId = (int) frame[0];
        endId = (int) frame[1];
        this.paddingId = paddingId.orElse(endId);
    }

    /**
     * Opens a tokenizer from {@code tokenizer.json}, or from {@code vocab.json} and {@code merges.txt} where there is none.
     *
     * @param folder the model's tokenizer folder
     * @param positions tokens that the text encoder takes, at least 2; prompts get this length, or the files' {@code model_max_length} where that
     *        is less
     * @param rows how many ids the text encoder knows, from 0; empty if that is unknown
     * @param home the DiffusionJ home, where the native library is unpacked on first use
     * @return a tokenizer that the caller closes
     * @throws InvalidInputException if files are missing, unreadable, not CLIP's, or give ids that the text encoder does not know
     * @throws DiffusionJException if the native library cannot be loaded
     */
    public static ClipTokenizer open(final Path folder, final int positions, final OptionalInt rows, final Path home) {
        if (positions < 2) throw new IllegalArgumentException("expected at least 2 positions, found " + positions);
        final SpecialTokens specials = SpecialTokens.read(folder);
        final ClipTables read = readOrAdvise(folder, specials);
        checkIds(read.file(), read.tables().vocabulary(), rows);
        final ClipTables tables = read.with(specials.missing(read));
        final Map<String, Integer> vocabulary = tables.vocabulary();
        checkIds(tables.file(), vocabulary, rows);
        final int length = Math.min(positions, specials.maxLength().orElse(positions));
        final HuggingFaceTokenizer natively = load(folder, ClipTokenizerJson.build(tables), home);
        try {
            return new ClipTokenizer(folder, natively, length, Optional.ofNullable(vocabulary.get(specials.padding())));
        }
        catch (final RuntimeException e) {
            natively.close();
            throw e;
        }
    }

    /**
     * Opens a tokenizer without knowing what ids the text encoder takes.
     *
     * @param folder as above
     * @param positions as above
     * @param home as above
     * @return a tokenizer that the caller closes
     */
    public static ClipTokenizer open(final Path folder, final int positions, final Path home) {
        return open(folder, positions, OptionalInt.empty(), home);
    }

    /** A model that came with DiffusionJ has no other place to be copied from. */
    private static ClipTables readOrAdvise(final Path folder, final SpecialTokens specials) {
        try {
            return read(folder, specials);
        }
        catch (final InvalidInputException e) {
            if (!Files.exists(folder.resolveSibling(BUNDLED_SIGN))) throw e;
            throw new InvalidInputException(e.getMessage() + " This model came with DiffusionJ: delete " + folder.getParent() + " and it is unpacked again.",
                e);
        }
    }

    private static ClipTables read(final Path folder, final SpecialTokens specials) {
        final Path whole = folder.resolve("tokenizer.json");
        if (Files.exists(whole)) return TokenizerFile.read(whole);
        final Path vocab = folder.resolve("vocab.json");
        final Path merges = folder.resolve("merges.txt");
        if (!Files.exists(vocab) || !Files.exists(merges)) {
            throw new InvalidInputException(folder + " holds no tokenizer: expected tokenizer.json, or vocab.json and merges.txt. Copy them from"
                + " the model that this one was exported from.");
        }
        return TokenizerTexts.read(vocab, merges, specials);
    }

    private static void checkIds(final Path file, final Map<String, Integer> vocabulary, final OptionalInt rows) {
        if (rows.isEmpty()) return;
        vocabulary.forEach((token, id) -> {
            if (id >= rows.getAsInt()) {
                throw new InvalidInputException(file + " gives the token \"" + token + "\" the id " + id + ", but the text encoder knows ids up to "
                    + (rows.getAsInt() - 1) + " only. They do not belong together: copy the tokenizer that belongs to the text encoder.");
            }
        });
    }

    private static HuggingFaceTokenizer load(final Path folder, final JsonObject json, final Path home) {
        final byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
        try {
            TokenizerNatives.load(home);
        }
        catch (final DiffusionJException e) {
            throw e;
        }
        catch (final LinkageError | RuntimeException e) {
            throw new DiffusionJException(TokenizerNatives.whyNot(e, home), e);
        }
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), NEITHER_CUT_NOR_PAD);
        }
        catch (final IOException | RuntimeException e) {
            throw new InvalidInputException("The tokenizer files in " + folder + " could not be used (" + rootMessage(e)
                + "). Download or copy them again.", e);
        }
    }

    private static String rootMessage(final Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) root = root.getCause();
        return String.valueOf(root.getMessage());
    }

    @Override
    public TokenizedPrompt encode(final String prompt) {
        final String text = wellFormed(prompt);
        final Encoding encoding;
        lock.readLock().lock();
        try {
            if (closed) throw new IllegalStateException("the tokenizer is closed");
            encoding = natively.encode(text);
        }
        finally {
            lock.readLock().unlock();
        }
        final long[] all = encoding.getIds();
        final int tokens = Math.min(all.length, maxLength);
        final int[] ids = new int[maxLength];
        Arrays.fill(ids, paddingId);
        for (int i = 0; i < tokens - 1; i++) ids[i] = (int) all[i];
        ids[0] = startId;
        ids[tokens - 1] = endId;
        return new TokenizedPrompt(ids, tokens, all.length > maxLength ? cutText(text, encoding, maxLength - 1) : Optional.empty());
    }

    /** @param firstCut index of the first token that did not fit */
    private static Optional<String> cutText(final String text, final Encoding encoding, final int firstCut) {
        final int start = encoding.getCharTokenSpans()[firstCut].getStart();
        return Optional.of(text.substring(text.offsetByCodePoints(0, start)).strip());
    }

    /** Half a surrogate pair is not a character and has no UTF-8 form. */
    private static String wellFormed(final String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    @Override
    public int maxLength() {
        return maxLength;
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (closed) return;
            closed = true;
            natively.close();
        }
        finally {
            lock.writeLock().unlock();
        }
    }
}
