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
package net.diffusionj.service;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import net.diffusionj.InvalidInputException;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.scheduler.config.SchedulerChoice;
import net.diffusionj.scheduler.config.SchedulerKind;
import net.diffusionj.scheduler.config.SchedulerName;

/** The names by which users choose a scheduler. */
public final class SchedulerNames {

    private SchedulerNames() {}

    /** @return every scheduler's id, in the order that lists show them */
    public static List<String> all() {
        return Arrays.stream(SchedulerKind.values()).map(SchedulerKind::id).toList();
    }

    /**
     * @param folder a described model
     * @return the scheduler that runs the model if none is asked for, in words, and for what it stands in
     * @throws InvalidInputException if no scheduler fits the model
     */
    public static String ofModel(final ModelFolder folder) {
        final SchedulerChoice choice = RunDefaults.scheduler(folder);
        if (choice.kind().isEmpty()) return "none: the model's own, " + choice.className().orElse("") + ", is not known; choose one";
        return choice.kind().get().id() + (choice.isSubstitute() ? ", in place of the model's own, " + choice.className().orElseThrow()
            + ", which this version does not have" : "");
    }

    /**
     * @param name a scheduler's id, with the spread of its levels behind it, perhaps, such as {@code euler-karras}
     * @return the scheduler
     * @throws InvalidInputException if there is none of that name
     */
    public static SchedulerName parse(final String name) {
        return SchedulerName.of(name).orElseThrow(() -> new InvalidInputException("There is no scheduler '" + name + "'. Choose one of "
            + String.join(", ", all()) + "; behind " + spread() + " there may be -karras, -exponential or -beta."));
    }

    private static String spread() {
        return Arrays.stream(SchedulerKind.values()).filter(SchedulerName::takesLevels).map(SchedulerKind::id).collect(Collectors.joining(", "));
    }
}
