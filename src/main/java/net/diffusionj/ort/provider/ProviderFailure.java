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
package net.diffusionj.ort.provider;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Turns ONNX Runtime's account of why a provider did not start into a sentence or two that say what is missing, which version is wanted and which
 * was found, and what to install. The texts it knows are those of the fixture {@code provider-failures.json}.
 */
final class ProviderFailure {

    private static final Pattern MISSING_SO = Pattern.compile("(lib[\\w.+-]+\\.so[\\w.]*): cannot open shared object file");
    private static final Pattern NO_SYMBOL = Pattern.compile("([\\w./+-]+): undefined symbol: (\\w+)");
    private static final Pattern GLIBC = Pattern.compile("version [`'](GLIBC(?:XX)?_[\\d.]+)' not found");
    private static final Pattern LOAD_LIBRARY = Pattern.compile("error (126|127|193|1114)\\D");
    private static final Pattern CUDA_FAILURE = Pattern.compile("CUDA failure (\\d+): ([^;]+?) *(;|$)");
    private static final Pattern HRESULT = Pattern.compile("\\b([0-9A-Fa-f]{8}) (The [^.]+\\.)");
    private static final Pattern SOURCE_PLACE =
        Pattern.compile("^(Error code - \\w+ - message: )?(\\S*onnxruntime\\S*\\.(cc|cpp)\\S* )?(.*\\[ONNXRuntimeError\\] : \\d+ : \\w+ : )?");

    /** DLLs by the name of what brings them; ONNX Runtime names none when one is missing on Windows. */
    private static final Map<ExecutionProvider, List<String>> WINDOWS_LIBRARIES = Map.of(
        ExecutionProvider.CUDA, List.of("nvcuda.dll", "cudart64_12.dll", "cublas64_12.dll", "cublasLt64_12.dll", "cufft64_11.dll", "cudnn64_9.dll"),
        ExecutionProvider.TENSORRT, List.of("nvinfer_10.dll", "nvonnxparser_10.dll", "cudart64_12.dll", "cublas64_12.dll", "cudnn64_9.dll"),
        ExecutionProvider.OPENVINO, List.of("openvino.dll"));

    private final ExecutionProvider provider;
    private final InstalledLibraries installed;

    ProviderFailure(final ExecutionProvider provider, final InstalledLibraries installed) {
        this.provider = provider;
        this.installed = installed;
    }

    /**
     * @param message of an {@code OrtException}
     * @return one or two sentences, ending with a full stop
     */
    String inPlainWords(final String message) {
        return missingLibrary(message).or(() -> windowsLoader(message)).or(() -> wrongLibrary(message)).or(() -> cudaFailure(message))
            .or(() -> notBuilt(message)).or(() -> directX(message)).orElseGet(() -> asSaid(message));
    }

    private Optional<String> missingLibrary(final String message) {
        final Matcher matcher = MISSING_SO.matcher(message);
        if (!matcher.find()) return Optional.empty();
        final String library = matcher.group(1);
        if (library.startsWith("libonnxruntime_providers")) {
            return Optional.of("ONNX Runtime's own library " + library + " is missing. It comes with the GPU build of ONNX Runtime, onnxruntime_gpu, on"
                + " Linux and Windows x64.");
        }
        return Optional.of("the library " + library + " is missing. " + found(library) + "Install " + packageOf(library) + ", and make sure that the loader"
            + " finds it (LD_LIBRARY_PATH).");
    }

    private String found(final String library) {
        final Optional<Path> similar = installed.similarTo(library);
        if (similar.isEmpty()) return "Wanted " + library + ", found none. ";
        final boolean same = similar.get().getFileName().toString().equals(library);
        return same ? "It is in " + similar.get().getParent() + ", where the loader does not look. "
            : "Wanted " + library + ", found " + similar.get() + ". ";
    }

    private Optional<String> windowsLoader(final String message) {
        final Matcher matcher = LOAD_LIBRARY.matcher(message + ' ');
        if (!matcher.find()) return Optional.empty();
        return Optional.of(switch (matcher.group(1)) {
            case "126" -> missingDlls();
            case "193" -> "its library is not for 64-bit Windows.";
            default -> "a DLL that " + provider.label() + " needs is of another version than it was built for. Install " + packages() + " and put their"
                + " folders first on the PATH.";
        });
    }

    private String missingDlls() {
        final List<String> missing = WINDOWS_LIBRARIES.getOrDefault(provider, List.of()).stream()
            .filter(dll -> installed.similarTo(dll).filter(file -> file.getFileName().toString().equalsIgnoreCase(dll)).isEmpty()).toList();
        final String others = missing.stream().map(installed::similarTo).flatMap(Optional::stream).map(Path::toString).collect(Collectors.joining(", "));
        return "a DLL that " + provider.label() + " needs is missing. " + (missing.isEmpty() ? "" : "Wanted on the PATH: " + String.join(", ", missing)
            + (others.isEmpty() ? "; found none. " : "; found " + others + ". ")) + "Install " + packages() + " and put their folders on the PATH.";
    }

    private String packages() {
        return switch (provider) {
            case TENSORRT -> "TensorRT 10, CUDA 12 and cuDNN 9";
            case OPENVINO -> "the OpenVINO that this ONNX Runtime was built with";
            case CUDA -> "CUDA 12 and cuDNN 9";
            default -> "what its maker says it needs";
        };
    }

    private Optional<String> wrongLibrary(final String message) {
        if (message.contains("CreateEpFactories")) return Optional.of("the library is not a plug-in provider for ONNX Runtime (it lacks CreateEpFactories).");
        if (message.contains("file too short") || message.contains("invalid ELF header")) {
            return Optional.of("the library is damaged, or not for this system. Get it again.");
        }
        final Matcher libc = GLIBC.matcher(message);
        if (libc.find()) return Optional.of("this Linux is too old: wanted " + libc.group(1) + ". Use a newer one, or the CPU.");
        final Matcher symbol = NO_SYMBOL.matcher(message);
        return symbol.find() ? Optional.of("the library " + fileName(symbol.group(1)) + " does not fit the others that were loaded (it misses "
            + symbol.group(2) + "): two versions are mixed. Install " + packages() + ", and only those.") : Optional.empty();
    }

    private static String fileName(final String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The numbers are CUDA's {@code cudaError_t}. */
    private Optional<String> cudaFailure(final String message) {
        if (message.contains("cudaErrorNoKernelImageForDevice") || message.contains("no kernel image is available")) {
            return Optional.of("this ONNX Runtime has no code for this GPU: the GPU is older, or newer, than the build. Use the CPU, or another build of ONNX"
                + " Runtime (-Donnxruntime.native.path=FOLDER).");
        }
        if (message.contains("CUDNN_STATUS_NOT_INITIALIZED") || message.contains("CUDNN failure")) {
            return Optional.of("cuDNN did not start: it is of another version than 9, the NVIDIA driver is too old for it, or the GPU's memory is full."
                + driver() + " Install cuDNN 9 for CUDA 12.");
        }
        final Matcher matcher = CUDA_FAILURE.matcher(message);
        if (!matcher.find()) return Optional.empty();
        return Optional.of(switch (matcher.group(1)) {
            case "2" -> "the GPU's memory is full. Close other programs that use it.";
            case "35" ->
                "the NVIDIA driver is too old for CUDA 12: wanted " + NvidiaDriver.OLDEST_ON_LINUX + " or newer on Linux, " + NvidiaDriver.OLDEST_ON_WINDOWS
                    + " on Windows." + driver()
                    + " Install a newer driver.";
            case "100" -> "the NVIDIA driver sees no GPU. In a container, start it with GPUs passed through; otherwise see whether nvidia-smi lists one.";
            case "101" -> "there is no GPU of that number. Set cuda.device to one that nvidia-smi lists; the first is 0.";
            default -> "CUDA says: " + matcher.group(2).trim() + '.';
        });
    }

    private String driver() {
        return installed.nvidiaDriver().map(version -> " Found driver " + version + '.').orElse("");
    }

    private Optional<String> notBuilt(final String message) {
        final String lower = message.toLowerCase(Locale.ROOT);
        final boolean absent = lower.contains("was not compiled with") || lower.contains("not supported in this build")
            || lower.contains("failed to find") && lower.contains("shared provider");
        return absent ? Optional.of(absentFromBuild(provider)) : Optional.empty();
    }

    /** @return why a provider cannot work whose code is not in the ONNX Runtime that is loaded */
    static String absentFromBuild(final ExecutionProvider provider) {
        return "the ONNX Runtime that is loaded was built without " + provider.label() + switch (provider) {
            case CUDA, TENSORRT -> " (onnxruntime_gpu has it, on Linux and Windows x64).";
            case COREML -> " (the builds for macOS have it).";
            case DIRECTML -> ". On Windows, get one built with it and name its folder with -Donnxruntime.native.path=FOLDER.";
            default -> ". Get one built with it and name its folder with -Donnxruntime.native.path=FOLDER, or name a plug-in library in the setting"
                + " provider.libraries.";
        };
    }

    private Optional<String> directX(final String message) {
        final Matcher matcher = HRESULT.matcher(message);
        if (!matcher.find()) return Optional.empty();
        final boolean noLevel = matcher.group(1).equalsIgnoreCase("887A0004") || matcher.group(1).equalsIgnoreCase("887A0002");
        return Optional.of("Windows says: " + matcher.group(2) + (noLevel ? " The graphics adapter or its driver lacks DirectX 12: update the driver, or"
            + " choose another adapter with directml.device." : ""));
    }

    private static String asSaid(final String message) {
        final String firstLine = message.lines().findFirst().orElse(message).trim();
        final String said = SOURCE_PLACE.matcher(firstLine).replaceFirst("");
        final String shown = said.isBlank() ? firstLine : said;
        return "ONNX Runtime says: " + shown + (shown.endsWith(".") ? "" : ".");
    }

    private static String packageOf(final String library) {
        if (library.startsWith("libcudnn")) return "cuDNN " + majorOf(library, "9");
        if (library.startsWith("libcuda.so")) return "the NVIDIA driver";
        if (library.startsWith("libnvinfer") || library.startsWith("libnvonnxparser")) return "TensorRT " + majorOf(library, "10");
        if (library.startsWith("libopenvino") || library.startsWith("libtbb")) return "OpenVINO";
        if (library.startsWith("libcublas") || library.startsWith("libcudart") || library.startsWith("libnvrtc"))
            return "the CUDA " + majorOf(library, "12") + " runtime";
        if (library.startsWith("libcu") || library.startsWith("libnv")) return "the CUDA 12 runtime";
        return "the package that holds it";
    }

    private static String majorOf(final String library, final String otherwise) {
        final Matcher version = Pattern.compile("\\.so\\.(\\d+)").matcher(library);
        return version.find() ? version.group(1) : otherwise;
    }
}
