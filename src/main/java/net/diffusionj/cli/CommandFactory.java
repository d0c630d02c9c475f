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
package net.diffusionj.cli;

import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes picocli's command objects, giving ours the printer that they write to. */
final class CommandFactory implements IFactory {

    private final IFactory others = CommandLine.defaultFactory();
    private final Printer printer;

    CommandFactory(final Printer printer) {
        this.printer = printer;
    }

    @Override
    public <K> K create(final Class<K> type) throws Exception {
        if (type == TextToImageCommand.class) return type.cast(new TextToImageCommand(printer));
        if (type == ImageToImageCommand.class) return type.cast(new ImageToImageCommand(printer));
        if (type == AugmentCommand.class) return type.cast(new AugmentCommand(printer));
        if (type == TuneCommand.class) return type.cast(new TuneCommand(printer));
        if (type == ModelsCommand.class) return type.cast(new ModelsCommand(printer));
        if (type == InfoCommand.class) return type.cast(new InfoCommand(printer));
        if (type == CameraCommand.class) return type.cast(new CameraCommand(printer));
        if (type == SettingsCommand.class) return type.cast(new SettingsCommand(printer));
        if (type == BenchCommand.class) return type.cast(new BenchCommand(printer));
        if (type == MonitorCommand.class) return type.cast(new MonitorCommand(printer));
        if (type == ServeCommand.class) return type.cast(new ServeCommand(printer));
        return others.create(type);
    }
}
