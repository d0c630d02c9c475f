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
package net.diffusionj;

/**
 * Says in plain words what an {@link Error} of Java means for the person at the screen. Errors are not exceptions: without this they would come out as a
 * stack trace, or not at all.
 */
public final class JavaErrors {

    private JavaErrors() {}

    /**
     * @param error what Java threw
     * @return one or two sentences: what is wrong and what to do
     */
    public static String inPlainWords(final Error error) {
        final String said = String.valueOf(error.getMessage());
        if (error instanceof OutOfMemoryError && said.contains("native thread")) {
            return "The system lets this program start no more threads (" + said + "). Close other programs, or raise the limit: ulimit -u in a shell.";
        }
        if (error instanceof OutOfMemoryError) {
            return "Java has too little memory for this (" + said + "). Ask for a smaller image or batch, or give Java more: -Xmx on the command line,"
                + " Edit > Options > Memory & Threads in ImageJ.";
        }
        if (error instanceof StackOverflowError) {
            return "Something is nested too deeply to be worked on; most likely a file of the model or an image's text is damaged. Get the file again.";
        }
        return "Unexpected error: " + error + '.';
    }

    /**
     * @param error what Java threw
     * @return an exception with the sentence, and the error as its cause
     */
    public static DiffusionJException explained(final Error error) {
        return new DiffusionJException(inPlainWords(error), error);
    }
}
