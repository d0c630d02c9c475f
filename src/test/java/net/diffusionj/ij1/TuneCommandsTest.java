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
package net.diffusionj.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.module.Module;

import net.diffusionj.commands.InstalledModelsCommand;
import net.diffusionj.commands.TuneOnMyImages;
import net.diffusionj.train.Budget;
import net.diffusionj.train.TuneRequest;
import net.diffusionj.train.material.ImageSet;

/** What the commands of the tuning make of their parameters, which a dialog or a macro gives. */
class TuneCommandsTest {

    private final TestContext context = new TestContext();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        context.close();
    }

    private FakeTune tune() {
        return context.service(FakeTune.class);
    }

    @Test
    void parametersBecomeARequest() {
        final Module module = context.run(TuneOnMyImages.class, "images", folder.toString(), "caption", "my cells", "name", "mine", "steps", 70, "seed", "9",
            "licence", "CC0", "rate", 2e-4, "model", "other", "provider", "cpu", "resume", true);
        assertNull(TestContext.cancelReason(module));
        final TuneRequest request = tune().last;
        assertEquals(List.of("my cells", "mine", Budget.steps(70), true), List.of(request.caption(), request.name(), request.budget(), request.resume()));
        assertEquals(List.of("other", "cpu", 9L, "CC0", 2e-4),
            List.of(request.options().model(), request.options().provider(), request.options().seed(), request.options().licence(), request.options().rate()));
        assertTrue(((List<?>) module.getOutput("report")).get(0).toString().startsWith("The model mine is installed"));
        context.run(TuneOnMyImages.class, "images", folder.toString(), "caption", "my cells", "name", "mine", "steps", 0, "minutes", 3.0);
        assertEquals(Budget.minutes(3), tune().last.budget());
    }

    @Test
    void withoutAFolderTheOpenImagesAreMeant() {
        final Module none = context.run(TuneOnMyImages.class, "caption", "my cells", "name", "mine");
        assertEquals("Name the folder of the images.", TestContext.cancelReason(none));
        final ImageSet open = List::of;
        tune().openImages(open);
        context.run(TuneOnMyImages.class, "caption", "my cells", "name", "mine");
        assertSame(open, tune().last.images());
    }

    @Test
    void badInputCancelsAndSaysWhatIsExpected() {
        assertTrue(TestContext.cancelReason(context.run(TuneOnMyImages.class, "images", folder.toString(), "name", "mine")).startsWith("The caption is empty"));
        assertTrue(
            TestContext.cancelReason(context.run(TuneOnMyImages.class, "images", folder.toString(), "caption", "a")).startsWith("The model has no name"));
        assertTrue(TestContext.cancelReason(context.run(InstalledModelsCommand.class, "remove", "nowhere")).contains("no model"));
    }

    @Test
    void modelsAreListedAndRemoved() {
        final Module module = context.run(InstalledModelsCommand.class, "remove", "mine");
        assertEquals(List.of("mine"), tune().removed);
        assertEquals("Removed the model mine.", ((List<?>) module.getOutput("report")).get(0));
    }
}
