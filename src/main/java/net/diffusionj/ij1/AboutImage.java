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

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import ij.ImagePlus;
import ij.io.FileInfo;

import net.diffusionj.InvalidInputException;
import net.diffusionj.io.FoundMark;
import net.diffusionj.io.MarkText;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.command.ContextCommand;
import org.scijava.log.LogService;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.thread.ThreadService;

/**
 * Tells whether the active image was generated, by what and from which source, and gives a sentence for a methods section. It looks into the file that
 * the image was opened from, and into the image's Info, which ImageJ keeps where it drops the file's mark. Here and not among the commands, since
 * Info and file are known to ImageJ alone.
 */
@Plugin(type = Command.class, label = "About This Image",
    menu = {@Menu(label = "Plugins"), @Menu(label = "DiffusionJ"), @Menu(label = "About This Image")},
    description = "Tells whether the image was generated, by what and from which source")
public class AboutImage extends ContextCommand {

    @Parameter
    private ThreadService threads;

    @Parameter
    private LogService log;

    @Parameter(type = ItemIO.OUTPUT, label = "Report")
    private List<String> report;

    @Override
    public void run() {
        // No field may name a class of ImageJ: SciJava looks at them before Fiji has patched it.
        final ImagePlus image = CallerImage.active(threads);
        if (image == null) {
            cancel("There is no image. Open one first.");
            return;
        }
        try {
            report = new ArrayList<>(List.of(image.getTitle()));
            report.addAll(MarkText.lines(markOf(image)));
        }
        catch (final InvalidInputException | InvalidPathException e) {
            log.debug(e);
            cancel(e.getMessage());
        }
    }

    /** The file's mark, as long as the image is the file's; or else that of its Info. */
    private static Optional<FoundMark> markOf(final ImagePlus image) {
        final FileInfo file = image.getOriginalFileInfo();
        if (file != null && file.directory != null && file.fileName != null && !image.changes) {
            final Path path = Path.of(file.directory, file.fileName);
            final Optional<FoundMark> inFile = Files.isRegularFile(path) ? FoundMark.in(path) : Optional.empty();
            if (inFile.isPresent()) return inFile;
        }
        final String info = image.getInfoProperty();
        return info == null ? Optional.empty() : FoundMark.inInfo(info);
    }
}
