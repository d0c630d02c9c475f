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
package net.diffusionj.service.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

/** Who is next: urgent ones first but not always, callers in turns by how much they ask for. */
class WaitingLineTest {

    private final WaitingLine<String> line = new WaitingLine<>();

    private void add(final String name, final String caller, final Priority priority, final double work) {
        line.add(name, new ToyJob(name, caller, priority).work(work));
    }

    private String take() {
        final String first = line.order().get(0);
        line.take(first);
        return first;
    }

    @Test
    void callersAreServedInTurnsHoweverManyEachHas() {
        for (int i = 0; i < 5; i++) add("a" + i, "a", Priority.BATCH, 1);
        add("b0", "b", Priority.BATCH, 1);
        add("c0", "c", Priority.BATCH, 1);
        assertEquals(List.of("a0", "b0", "c0", "a1", "a2", "a3", "a4"), line.order());
        assertEquals("a0", take());
        assertEquals("b0", take());
        add("b1", "b", Priority.BATCH, 1);
        assertEquals(List.of("c0", "a1", "b1", "a2", "a3", "a4"), line.order());
    }

    @Test
    void whoAsksForMoreWaitsLonger() {
        add("large", "a", Priority.INTERACTIVE, 3);
        add("large again", "a", Priority.INTERACTIVE, 3);
        for (int i = 0; i < 4; i++) add("small" + i, "b", Priority.INTERACTIVE, 1);
        assertEquals(List.of("large", "small0", "small1", "small2", "large again", "small3"), line.order());
    }

    @Test
    void urgentOnesComeFirstButTheOthersGetOn() {
        add("batch0", "a", Priority.BATCH, 1);
        add("batch1", "a", Priority.BATCH, 1);
        for (int i = 0; i < 9; i++) add("urgent" + i, "u" + i, Priority.INTERACTIVE, 1);
        assertEquals(List.of("urgent0", "urgent1", "urgent2", "urgent3", "batch0", "urgent4", "urgent5", "urgent6", "urgent7", "batch1", "urgent8"),
            line.order());
        final List<String> served = new ArrayList<>();
        // Somebody urgent comes whenever one is served, and still the others are through after ten.
        for (int i = 9; i < 19; i++) {
            served.add(take());
            add("urgent" + i, "u" + i, Priority.INTERACTIVE, 1);
        }
        assertTrue(served.containsAll(List.of("batch0", "batch1")), served.toString());
    }

    @Test
    void whatIsGivenBackComesFirstAndWhatIsRemovedNotAtAll() {
        add("a", "a", Priority.BATCH, 1);
        add("b", "b", Priority.BATCH, 1);
        add("c", "c", Priority.INTERACTIVE, 1);
        line.take("b");
        line.giveBack("b", Priority.BATCH);
        assertEquals(List.of("b", "c", "a"), line.order());
        assertEquals(2, line.size(Priority.BATCH));
        assertTrue(line.remove("b"));
        assertFalse(line.remove("b"));
        assertTrue(line.remove("c"));
        assertEquals(List.of("a"), line.order());
        line.take("a");
        assertTrue(line.isEmpty());
    }
}
