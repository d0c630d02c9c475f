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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import net.imglib2.img.array.ArrayImgs;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.layout.SplitShares;
import net.diffusionj.augment.plan.Amount;
import net.diffusionj.augment.plan.DrawChoices;
import net.diffusionj.augment.plan.Inputs;
import net.diffusionj.augment.plan.Mode;
import net.diffusionj.augment.plan.Sweep;
import net.diffusionj.augment.quality.QualityFilter;
import net.diffusionj.augment.run.AugmentListener;
import net.diffusionj.augment.run.Drawer;
import net.diffusionj.augment.transform.TransformChoices;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.testing.Folders;

/** What is refused, with a reason, before anything is written. */
class AugmentBadInputTest {

    private static DiffusionEngine diffusion;

    @TempDir
    private Path folder;

    private Inputs inputs;

    @BeforeAll
    static void open() {
        diffusion = new DiffusionEngine(Folders.HOME);
    }

    @AfterAll
    static void close() {
        diffusion.close();
    }

    @BeforeEach
    void sources() throws IOException {
        AugmentFixture.sources(folder.resolve("images"), folder.resolve("labels"), "a", "b");
        inputs = new Inputs(folder.resolve("images"), Optional.of(folder.resolve("labels")), Optional.empty());
    }

    private AugmentRequest request(final Inputs from, final Path output, final DrawChoices draw) {
        return new AugmentRequest(from, output, new Amount.Variants(1), draw, TransformChoices.NONE, "off", QualityFilter.NONE, Optional.empty(),
            Optional.empty());
    }

    private AugmentRequest request(final Inputs from) {
        return request(from, folder.resolve("out"), AugmentFixture.draw(Mode.VARY, "0.5"));
    }

    private void assertRefused(final AugmentRequest request, final String... words) throws IOException {
        final Map<String, String> before = AugmentFixture.hashes(folder);
        final String message = assertThrows(InvalidInputException.class,
            () -> new AugmentEngine(Drawer.of(diffusion), AugmentFixture.NOISE_ONLY).run(request, AugmentListener.NONE, new CancelToken())).getMessage();
        for (final String word : words) assertTrue(message.contains(word), message);
        assertEquals(before, AugmentFixture.hashes(folder), message);
        assertFalse(Files.exists(folder.resolve("out")), message);
    }

    @Test
    void foldersThatHoldNoImageAndFoldersThatAreMissing() throws IOException {
        Files.createDirectories(folder.resolve("empty"));
        assertRefused(request(new Inputs(folder.resolve("empty"), Optional.empty(), Optional.empty())), "no image", "empty");
        assertRefused(request(new Inputs(folder.resolve("nowhere"), Optional.empty(), Optional.empty())), "nowhere", "not exist");
    }

    @Test
    void labelsOfAnotherSizeAndImagesWithoutLabels() throws IOException {
        ImageFiles.write(folder.resolve("labels/b.tif"), ArrayImgs.unsignedBytes(8, 8), ImageMetadata.NONE);
        assertRefused(request(inputs), "b.tif", "8 x 8", "24 x 16");
        Files.delete(folder.resolve("labels/b.tif"));
        assertRefused(request(inputs), "b.tif", "no labels");
    }

    @Test
    void namesThatOccurTwice() throws IOException {
        Files.copy(folder.resolve("images/a.tif"), folder.resolve("images/a.tiff"));
        assertRefused(request(inputs), "a.tif", "a.tiff", "same name");
    }

    @Test
    void tablesOfClassesThatCannotBeUsed() throws IOException {
        final Path table = folder.resolve("classes.csv");
        final Inputs classified = new Inputs(inputs.images(), inputs.labels(), Optional.of(table));
        assertRefused(request(classified), "classes.csv", "not exist");
        Files.writeString(table, "name,kind\na,b\n");
        assertRefused(request(classified), "name, kind", "\"file\"");
        Files.writeString(table, "file,class\na.tif,x\na.tif,y\n");
        assertRefused(request(classified), "a.tif", "twice");
        Files.writeString(table, "file,class\na.tif,x\n");
        assertRefused(request(classified), "b.tif", "no class");
        Files.write(table, new byte[] {'f', 'i', 'l', 'e', ',', (byte) 0xff, (byte) 0xfe, '\n'});
        assertRefused(request(classified), "classes.csv", "UTF-8");
    }

    @Test
    void anOutputInsideOfTheImagesOrAroundThem() throws IOException {
        assertRefused(request(inputs, folder.resolve("images/out"), AugmentFixture.draw(Mode.VARY, "0.5")), "inside");
        assertRefused(request(inputs, folder.resolve("labels"), AugmentFixture.draw(Mode.VARY, "0.5")), "inside");
        assertRefused(request(inputs, folder, AugmentFixture.draw(Mode.VARY, "0.5")), "inside");
    }

    @Test
    void aModelThatIsGoneASchedulerThatIsNoneAndAStrengthThatChangesNothing() throws IOException {
        final DrawChoices draw = AugmentFixture.draw(Mode.VARY, "0.5");
        final DrawChoices gone = new DrawChoices(draw.mode(), draw.prompts(), "", draw.strength(), Optional.empty(), draw.steps(), "", "",
            folder.resolve("gone").toString(), "cpu", 0);
        assertRefused(request(inputs, folder.resolve("out"), gone), "gone");
        final DrawChoices unknown = new DrawChoices(draw.mode(), draw.prompts(), "", draw.strength(), Optional.empty(), draw.steps(), "quick", "", draw.model(),
            "cpu", 0);
        assertRefused(request(inputs, folder.resolve("out"), unknown), "quick", "ddim");
        final DrawChoices weak =
            new DrawChoices(draw.mode(), draw.prompts(), "", Sweep.of(0.2), Optional.empty(), OptionalInt.of(4), "", "", draw.model(), "cpu",
                0);
        assertRefused(request(inputs, folder.resolve("out"), weak), "no step");
        final DrawChoices classed = new DrawChoices(draw.mode(), List.of("a {class} cell"), "", draw.strength(), Optional.empty(), draw.steps(), "", "",
            draw.model(), "cpu", 0);
        assertRefused(request(inputs, folder.resolve("out"), classed), "{class}");
    }

    @Test
    void modesThatNeedLabelsAndSplitsThatNeedGroups() throws IOException {
        final Inputs bare = new Inputs(inputs.images(), Optional.empty(), Optional.empty());
        assertRefused(request(bare, folder.resolve("out"), AugmentFixture.draw(Mode.OBJECTS, "0.5")), "labels");
        final AugmentRequest whole = request(inputs);
        assertRefused(new AugmentRequest(inputs, whole.output(), whole.amount(), whole.draw(), whole.transforms(), "off", QualityFilter.NONE,
            Optional.of(SplitShares.parse("0.6,0.2,0.2")), Optional.empty()), "3 sides", "2 groups");
    }

    @Test
    void aFolderThatHoldsAnotherRunOrOtherFiles() throws IOException {
        final AugmentRequest first = request(inputs);
        new AugmentEngine(Drawer.of(diffusion), AugmentFixture.NOISE_ONLY).run(first, AugmentListener.NONE, new CancelToken());
        Files.move(folder.resolve("out"), folder.resolve("full"));
        assertRefused(request(inputs, folder.resolve("full"), AugmentFixture.draw(Mode.VARY, "0.75")), "another run", "strength", "0.5", "0.75");
        AugmentFixture.sources(folder.resolve("images"), folder.resolve("labels"), "a", "b", "c");
        assertRefused(request(inputs, folder.resolve("full"), AugmentFixture.draw(Mode.VARY, "0.5")), "other sources", "c is new");
        Files.createDirectories(folder.resolve("others"));
        Files.writeString(folder.resolve("others/notes.txt"), "mine");
        assertRefused(request(inputs, folder.resolve("others"), AugmentFixture.draw(Mode.VARY, "0.5")), "other files");
    }
}
