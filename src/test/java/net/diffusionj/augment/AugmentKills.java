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
package net.diffusionj.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import net.diffusionj.CancelToken;
import net.diffusionj.augment.manifest.Manifest;
import net.diffusionj.augment.manifest.RowStatus;
import net.diffusionj.augment.plan.Amount;
import net.diffusionj.augment.plan.Mode;
import net.diffusionj.augment.run.AugmentListener;
import net.diffusionj.augment.run.AugmentProgress;
import net.diffusionj.augment.run.Drawer;
import net.diffusionj.augment.transform.TransformChoices;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.testing.ChildJvm;
import net.diffusionj.testing.Folders;

/** Kills a real process that augments, as {@code kill -9} does, at random moments, and compares what is left in the end with a run that was let be. */
final class AugmentKills {

    private AugmentKills() {}

    private static final String BEGUN = "augmenting";
    private static final String MADE = "an output is made";

    /** The child: augments, and says when it begins and when it has made an output. */
    public static final class Child {

        private Child() {}

        /** @param args folder with the sources, output folder, variants */
        public static void main(final String[] args) {
            try (DiffusionEngine diffusion = new DiffusionEngine(Folders.HOME)) {
                final AugmentRequest request = AugmentFixture.into(request(Path.of(args[0]), Integer.parseInt(args[2])), Path.of(args[1]));
                new AugmentEngine(Drawer.of(diffusion), AugmentFixture.NOISE_AND_GATE).run(request, new AugmentListener() {
                    private final Set<String> said = new HashSet<>();

                    @Override
                    public void progress(final AugmentProgress progress) {
                        if (said.add(BEGUN)) System.out.println(BEGUN);
                        if (progress.done() > 0 && said.add(MADE)) System.out.println(MADE);
                    }
                }, new CancelToken());
            }
        }
    }

    /** So many of each of four sources, and others in place of those that the gate rejects. */
    static AugmentRequest request(final Path folder, final int variants) {
        return AugmentFixture.request(folder, new Amount.Balance(4 + 4 * variants), AugmentFixture.draw(Mode.VARY, "0.5"),
            TransformChoices.parse("flip,rotate=20,elastic=1,intensity=0.1"));
    }

    /**
     * @param folder to work in
     * @param kills how often
     * @param variants of each of four sources
     * @param mostMillis the latest moment after a child has begun or, every second time, after it has made an output
     */
    static void run(final Path folder, final int kills, final int variants, final int mostMillis) throws IOException, InterruptedException {
        AugmentFixture.sources(folder.resolve("images"), folder.resolve("labels"), "a", "b", "c", "d");
        final Path whole = folder.resolve("whole");
        final Path killed = folder.resolve("killed");
        Child.main(new String[] {folder.toString(), whole.toString(), Integer.toString(variants)});
        final Random random = new Random(5);
        int inTheMiddle = 0;
        final Map<String, FileTime> made = new HashMap<>();
        for (int i = 0; i < kills; i++) {
            try (ChildJvm child = ChildJvm.start(Child.class, List.of("-Xmx300m", "-XX:TieredStopAtLevel=1"), folder.toString(), killed.toString(),
                Integer.toString(variants))) {
                if (child.waitForLine(i % 2 == 0 ? BEGUN : MADE)) Thread.sleep(random.nextInt(mostMillis));
            }
            final int rows = checkWhole(killed, whole, made);
            if (rows > 0 && rows < 4 * variants) inTheMiddle++;
        }
        assertTrue(inTheMiddle > 0, "it was killed while it made outputs");
        Child.main(new String[] {folder.toString(), killed.toString(), Integer.toString(variants)});
        checkWhole(killed, whole, made);
        assertEquals(AugmentFixture.hashes(whole), AugmentFixture.hashes(killed), "as if nothing had been");
    }

    /** Every file under its own name is whole, and nothing that has a row is made twice. @return rows in the manifest */
    static int checkWhole(final Path killed, final Path whole, final Map<String, FileTime> made) throws IOException {
        if (!Files.exists(killed.resolve(Manifest.CSV))) return 0;
        final Map<String, String> right = AugmentFixture.hashes(whole);
        for (final Map.Entry<String, String> file : AugmentFixture.hashes(killed).entrySet()) {
            if (file.getKey().endsWith(".tif")) assertEquals(right.get(file.getKey()), file.getValue(), file.getKey() + " is whole");
        }
        made.forEach((name, time) -> assertEquals(time, modified(killed.resolve(name)), name + " was made once"));
        final String text = Files.readString(killed.resolve(Manifest.CSV));
        final String rows = text.substring(0, text.lastIndexOf('\n') + 1);
        if (rows.isEmpty()) return 0;
        final var found = Manifest.parse(killed.resolve(Manifest.CSV), rows);
        assertEquals(found.size(), found.stream().map(row -> row.output()).distinct().count());
        found.stream().filter(row -> row.status() == RowStatus.MADE).forEach(row -> made.put(row.output(), modified(killed.resolve(row.output()))));
        return found.size();
    }

    private static FileTime modified(final Path file) {
        try {
            return Files.getLastModifiedTime(file);
        }
        catch (final IOException e) {
            throw new AssertionError(file + " has a row and is not there", e);
        }
    }
}
