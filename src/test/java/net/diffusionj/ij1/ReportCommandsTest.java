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
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.module.Module;

import net.diffusionj.commands.Providers;
import net.diffusionj.commands.SettingsCommand;
import net.diffusionj.home.DiffusionHome;
import net.diffusionj.service.settings.SettingKeys;

/** The commands that give lines instead of images. */
class ReportCommandsTest {

    private final TestContext context = new TestContext();
    private String homeBefore;

    @TempDir
    private Path home;

    @BeforeEach
    void moveHome() {
        homeBefore = System.getProperty(DiffusionHome.PROPERTY);
        System.setProperty(DiffusionHome.PROPERTY, home.toString());
    }

    @AfterEach
    void restore() {
        if (homeBefore == null) System.clearProperty(DiffusionHome.PROPERTY);
        else System.setProperty(DiffusionHome.PROPERTY, homeBefore);
        context.close();
    }

    @Test
    void providersAreListedWithWhatIsMissing() {
        assertEquals(List.of("cpu: works", "cuda: does not work: no GPU."), context.run(Providers.class, "retry", false).getOutput("report"));
        assertEquals(List.of("cpu: works", "cuda: does not work: no GPU, twice."), context.run(Providers.class, "retry", true).getOutput("report"));
    }

    @Test
    void aSettingIsShownChangedAndTakenBack() {
        assertTrue(line("cuda.memory", "").startsWith("cuda.memory = auto "));
        assertTrue(line("cuda.memory", "2g").startsWith("cuda.memory = 2G "));
        assertTrue(line("cuda.memory", "default").startsWith("cuda.memory = auto "));
        final List<?> all = (List<?>) context.run(SettingsCommand.class, "key", "", "value", "").getOutput("report");
        assertEquals(SettingKeys.all().size(), all.size());
    }

    @Test
    void badInputCancelsAndSaysWhatIsExpected() {
        final Module bad = context.run(SettingsCommand.class, "key", "cuda.memory", "value", "lots");
        assertTrue(TestContext.cancelReason(bad).contains("should be auto, or a size"), TestContext.cancelReason(bad));
        final Module unknown = context.run(SettingsCommand.class, "key", "cuda.memry", "value", "");
        assertTrue(TestContext.cancelReason(unknown).contains("cuda.memory"), TestContext.cancelReason(unknown));
    }

    private String line(final String key, final String value) {
        final Module module = context.run(SettingsCommand.class, "key", key, "value", value);
        assertNull(TestContext.cancelReason(module));
        return ((List<?>) module.getOutput("report")).get(0).toString();
    }
}
