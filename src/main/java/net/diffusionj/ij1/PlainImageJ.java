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

import java.awt.GraphicsEnvironment;
import java.util.function.Supplier;

import ij.IJ;
import ij.Macro;

import org.scijava.Cancelable;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.event.EventService;
import org.scijava.module.Module;
import org.scijava.module.ModuleException;
import org.scijava.module.ModuleRunner;
import org.scijava.module.process.PostprocessorPlugin;
import org.scijava.module.process.PreprocessorPlugin;
import org.scijava.plugin.PluginService;

/**
 * The SciJava context of plain ImageJ, made at the first command and kept as long as the application lives. The only static state of the project.
 * <p>
 * <em>Refresh Menus</em> gives plugins a new class loader and so a second copy of this class. ImageJ's own properties are what both copies see:
 * there the new one finds the old one's context and disposes it, with its models.
 * </p>
 */
final class PlainImageJ {

    private static final String PROPERTY = "diffusionj.context";
    private static PlainImageJ instance;

    private final Context context;
    private final StatusBar statusBar = new StatusBar();

    private PlainImageJ() {
        context = new Context();
        context.service(EventService.class).subscribe(statusBar);
        context.service(RunEndService.class).leaveReasonsToHost();
    }

    /** @return the one instance of this class loader */
    static synchronized PlainImageJ get() {
        if (instance == null) {
            if (IJ.getProperty(PROPERTY) instanceof final Runnable disposeOld) disposeOld.run();
            instance = withOwnLoader(PlainImageJ::new);
            final Runnable dispose = instance.context::dispose;
            IJ.setProperty(PROPERTY, dispose);
        }
        return instance;
    }

    /**
     * Runs a command on this thread, which is the one that ImageJ has tied the macro's options to.
     *
     * @param commandClass fully qualified name
     */
    void run(final String commandClass) {
        withOwnLoader(() -> {
            runHere(commandClass);
            return null;
        });
    }

    private void runHere(final String commandClass) {
        final CommandInfo info = context.service(CommandService.class).getCommand(commandClass);
        if (info == null) throw new IllegalStateException("no SciJava command " + commandClass + " on the class path of the plugins");
        final Module module = moduleOf(info);
        final PluginService plugins = context.service(PluginService.class);
        new ModuleRunner(context, module, plugins.createInstancesOfType(PreprocessorPlugin.class),
            plugins.createInstancesOfType(PostprocessorPlugin.class)).run();
        if (module instanceof final Cancelable cancelable && cancelable.isCanceled()) reportCancellation(info, cancelable.getCancelReason());
    }

    private static Module moduleOf(final CommandInfo info) {
        try {
            return info.createModule();
        }
        catch (final ModuleException e) {
            throw new IllegalStateException("cannot make " + info.getDelegateClassName(), e);
        }
    }

    private void reportCancellation(final CommandInfo info, final String reason) {
        if (reason == null || reason.isEmpty()) {
            // Through the service, which keeps the order: messages of the run itself may still be under way.
            context.service(StatusService.class).showStatus(Modules.title(info) + " cancelled");
            if (Macro.getOptions() != null) Macro.abort();
        }
        else {
            IJ.error(Modules.title(info), wrap(reason));
        }
    }

    /** ImageJ's message boxes do not wrap. */
    private static String wrap(final String text) {
        return GraphicsEnvironment.isHeadless() ? text : text.replaceAll("(.{60,80}?) ", "$1\n");
    }

    /** SciJava finds its plugins through the thread's loader, which for ImageJ's threads does not see the plugins folder. */
    private static <T> T withOwnLoader(final Supplier<T> work) {
        final Thread thread = Thread.currentThread();
        final ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(PlainImageJ.class.getClassLoader());
        try {
            return work.get();
        }
        finally {
            thread.setContextClassLoader(before);
        }
    }
}
