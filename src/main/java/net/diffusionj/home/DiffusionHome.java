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
package net.diffusionj.home;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;

import net.diffusionj.InvalidInputException;
import net.diffusionj.PathNames;

/** Where DiffusionJ keeps what outlives a run: natives, models, caches. */
public final class DiffusionHome {

    /** System property that moves it. */
    public static final String PROPERTY = "diffusionj.home";

    private DiffusionHome() {}

    /**
     * @return the folder that the property names, otherwise {@code .diffusionj} in the user's home; it need not exist
     * @throws net.diffusionj.InvalidInputException if the user has no home, or its name has characters that this program's locale does not have
     */
    public static Path locate() {
        return locate(System.getProperty(PROPERTY, ""), System.getProperty("user.home", ""), Objects.requireNonNullElse(System.getenv("HOME"), ""));
    }

    /**
     * @param named what the property says; blank for nothing
     * @param javasHome the user's home as Java knows it: "?" for a user without an entry in the system's list, as in a container that runs under a number
     * @param shellsHome the user's home as the environment has it; blank for none
     */
    static Path locate(final String named, final String javasHome, final String shellsHome) {
        if (!named.isBlank()) return PathNames.path(named).toAbsolutePath().normalize();
        return Stream.of(javasHome, shellsHome).filter(home -> !home.isBlank()).map(PathNames::path).filter(Path::isAbsolute)
            .sorted(Comparator.comparing(home -> !Files.isDirectory(home))).findFirst()
            .orElseThrow(() -> new InvalidInputException("This user has no home folder that Java knows of, so there is no place for DiffusionJ's files."
                + " Name one with -D" + PROPERTY + "=FOLDER, or set the variable HOME."))
            .resolve(".diffusionj");
    }
}
