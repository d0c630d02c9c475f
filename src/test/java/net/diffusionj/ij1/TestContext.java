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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

import org.scijava.Cancelable;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.log.LogService;
import org.scijava.module.Module;
import org.scijava.module.ModuleException;
import org.scijava.module.ModuleRunner;
import org.scijava.module.process.PostprocessorPlugin;
import org.scijava.module.process.PreprocessorPlugin;
import org.scijava.plugin.PluginInfo;
import org.scijava.plugin.PluginService;
import org.scijava.service.Service;
import org.scijava.task.TaskService;
import org.scijava.thread.ThreadService;

/** A SciJava context with our commands and processors, and a painter instead of a model. Runs commands on the calling thread, as ImageJ does. */
final class TestContext implements AutoCloseable {

    private final Context context = new Context(List.of(CommandService.class, StatusService.class, LogService.class, TaskService.class,
        SourceImageService.class, EscapeService.class, InputMemory.class, RunEndService.class, MonitorService.class, ThreadService.class, FakeSessions.class,
        FakeDiffusion.class, FakeTune.class),
        true);

    /**
     * Adds a preprocessor as another host brings it along.
     *
     * @param preprocessor with a {@code Plugin} annotation, whose priority counts
     */
    void addPreprocessor(final Class<? extends PreprocessorPlugin> preprocessor) {
        context.service(PluginService.class).addPlugin(PluginInfo.create(preprocessor, PreprocessorPlugin.class));
    }

    /** Runs a command as ImageJ2 does for a macro: on a thread of SciJava's, for which the calling thread waits. */
    Module runElsewhere(final Class<? extends Command> command, final Object... inputs) throws InterruptedException, ExecutionException {
        return context.service(ThreadService.class).run(() -> run(command, inputs)).get();
    }

    <S extends Service> S service(final Class<S> type) {
        return context.service(type);
    }

    FakeDiffusion diffusion() {
        return context.service(FakeDiffusion.class);
    }

    /**
     * @param command class of a command
     * @param inputs names and values, given as a script gives them
     * @return the module after its run
     */
    Module run(final Class<? extends Command> command, final Object... inputs) {
        final Module module = module(command);
        for (int i = 0; i < inputs.length; i += 2) Modules.resolve(module, (String) inputs[i], inputs[i + 1]);
        final PluginService plugins = context.service(PluginService.class);
        new ModuleRunner(context, module, new ArrayList<>(plugins.createInstancesOfType(PreprocessorPlugin.class)),
            new ArrayList<>(plugins.createInstancesOfType(PostprocessorPlugin.class))).run();
        return module;
    }

    Module module(final Class<? extends Command> command) {
        final CommandInfo info = context.service(CommandService.class).getCommand(command);
        try {
            return info.createModule();
        }
        catch (final ModuleException e) {
            throw new AssertionError(e);
        }
    }

    static String cancelReason(final Module module) {
        return ((Cancelable) module).getCancelReason();
    }

    @Override
    public void close() {
        context.dispose();
    }
}
