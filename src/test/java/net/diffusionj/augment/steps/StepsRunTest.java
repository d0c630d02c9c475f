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
package net.diffusionj.augment.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.SchedulerNames;
import net.diffusionj.service.steps.StepsRow;
import net.diffusionj.service.steps.StepsTable;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/** Few steps beside many, with a tiny model. */
@Timeout(120)
class StepsRunTest {

    private static final int MANY = 24;

    private static DiffusionEngine engine;

    @BeforeAll
    static void open() {
        engine = new DiffusionEngine(Folders.HOME);
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    private static StepsPlan plan(final String model) {
        return new StepsPlan(DiffusionRequest.prompt("cells").model(Models.of(model).toString()).size(32, 32).guidance(3).build(), 2, List.of(3, 12, MANY),
            MANY);
    }

    @Test
    void everySchedulerIsMeasuredAgainstTheManySteps() throws IOException {
        final List<String> told = new ArrayList<>();
        final StepsTable table = new StepsRun(engine, plan("sd1"), new CancelToken()).run("2026-11-25", told::add);
        assertEquals(SchedulerNames.all(), table.rows().stream().map(StepsRow::scheduler).distinct().toList());
        assertEquals(3 * SchedulerNames.all().size(), table.rows().size());
        assertEquals(List.of("pndm", engine.modelHash(plan("sd1").base().model())), List.of(table.reference(), table.modelHash()));
        assertEquals(List.of("1 of 2 pictures", "2 of 2 pictures"), told);
        final StepsRow itself = row(table, "pndm", MANY);
        assertEquals(1, itself.similarity(), 1e-9, "the reference beside itself");
        assertEquals(0, itself.error(), 1e-9);
        assertTrue(row(table, "pndm", 12).similarity() > row(table, "pndm", 3).similarity(), table::toString);
        assertTrue(row(table, "ddim", MANY).similarity() > row(table, "ddim", 3).similarity(), table::toString);
        assertTrue(row(table, "ddim", MANY).seconds() > row(table, "ddim", 3).seconds(), table::toString);
        assertEquals(List.of("euler-ancestral", "lcm"), table.rows().stream().filter(row -> !row.settles()).map(StepsRow::scheduler).distinct().toList());
        final BufferedImage plot = ImageIO.read(new ByteArrayInputStream(StepsPlot.png(table)));
        final long colours = Arrays.stream(plot.getRGB(0, 0, plot.getWidth(), plot.getHeight(), null, 0, plot.getWidth())).distinct().count();
        assertTrue(colours > SchedulerNames.all().size(), colours + " colours");
    }

    private static StepsRow row(final StepsTable table, final String scheduler, final int steps) {
        return table.rows().stream().filter(row -> row.scheduler().equals(scheduler) && row.steps() == steps).findFirst().orElseThrow();
    }

    @Test
    void aModelForFewStepsIsRefused() {
        final String message =
            assertThrows(InvalidInputException.class, () -> new StepsRun(engine, plan("lcm"), new CancelToken()).run("", line -> {})).getMessage();
        assertTrue(message.contains("lcm is made for few steps"), message);
    }

    @Test
    void itCanBeCancelled() {
        final CancelToken cancel = new CancelToken();
        assertThrows(CancellationException.class, () -> new StepsRun(engine, plan("sd1"), cancel).run("", line -> cancel.cancel()));
    }
}
