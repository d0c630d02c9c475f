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

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.view.Views;

import org.scijava.service.AbstractService;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.model.SizeRule;
import net.diffusionj.ort.memory.GpuState;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.provider.ProviderReport;
import net.diffusionj.ort.session.OpenSession;
import net.diffusionj.pipeline.Stage;
import net.diffusionj.service.BranchRequest;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionOutcome;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.DiffusionResult;
import net.diffusionj.service.DiffusionService;
import net.diffusionj.service.LatentImage;
import net.diffusionj.service.ModelDefaults;
import net.diffusionj.service.Timings;
import net.diffusionj.service.queue.QueueSnapshot;
import net.diffusionj.service.record.GenerationRecord;
import net.diffusionj.service.record.HealthWarning;
import net.diffusionj.service.steps.StepsRow;
import net.diffusionj.service.steps.StepsTable;

/** Paints a pattern that depends on every setting; image to image gives the source back. Keeps the last request for tests to look at. */
public class FakeDiffusion extends AbstractService implements DiffusionService {

    static final ModelDefaults DEFAULTS = new ModelDefaults(24, 16, new SizeRule(8, 8, true), 5, 3.5, "pndm");

    DiffusionRequest last;
    int released;
    Runnable duringStep = () -> {};

    @Override
    public DiffusionOutcome generate(final DiffusionRequest request, final DiffusionListener listener, final CancelToken cancel) {
        last = request;
        defaults(request.model());
        final int steps = request.steps().orElse(DEFAULTS.steps());
        listener.stage(Stage.DENOISING);
        for (int step = 1; step <= steps; step++) {
            duringStep.run();
            if (cancel.isCancelled()) return new DiffusionOutcome.Cancelled(Stage.DENOISING);
            listener.step(step, steps, 0);
        }
        final Img<?> image = request.image().<Img<?>>map(FakeDiffusion::copy).orElseGet(() -> painted(request));
        final Map<String, String> settings = new LinkedHashMap<>();
        settings.put("prompt", request.prompt());
        settings.put("seed", String.valueOf(request.seed()));
        settings.put("steps", String.valueOf(steps));
        return new DiffusionOutcome.Completed(new DiffusionResult(image, settings, List.of(), new Timings(0, 0, 0, List.of(), 0, 0, 0),
            java.util.Optional.of(new LatentImage(new float[4], 1, 4, 1, 1))));
    }

    private static Img<UnsignedByteType> painted(final DiffusionRequest request) {
        final int width = request.widthPx().orElse(DEFAULTS.widthPx());
        final int height = request.heightPx().orElse(DEFAULTS.heightPx());
        final byte[] values = new byte[width * height * 3 * request.batch()];
        for (int i = 0; i < values.length; i++) {
            final long seed = request.seed() + i / (width * height * 3);
            values[i] = (byte) Objects.hash(request.prompt(), request.negative(), request.steps(), request.guidance(), request.scheduler(), seed,
                i % (width * height * 3));
        }
        return request.batch() == 1 ? ArrayImgs.unsignedBytes(values, width, height, 3)
            : ArrayImgs.unsignedBytes(values, width, height, 3, request.batch());
    }

    private static Img<?> copy(final RandomAccessibleInterval<?> source) {
        @SuppressWarnings("unchecked")
        final RandomAccessibleInterval<? extends RealType<?>> pixels = (RandomAccessibleInterval<? extends RealType<?>>) source;
        final int count = (int) Views.flatIterable(pixels).size();
        final float[] values = new float[count];
        int i = 0;
        for (final RealType<?> value : Views.flatIterable(pixels)) values[i++] = value.getRealFloat();
        final Object type = pixels.firstElement();
        final long[] size = pixels.dimensionsAsLongArray();
        if (type instanceof UnsignedByteType) {
            final byte[] bytes = new byte[count];
            for (i = 0; i < count; i++) bytes[i] = (byte) values[i];
            return ArrayImgs.unsignedBytes(bytes, size);
        }
        if (type instanceof UnsignedShortType) {
            final short[] shorts = new short[count];
            for (i = 0; i < count; i++) shorts[i] = (short) (int) values[i];
            return ArrayImgs.unsignedShorts(shorts, size);
        }
        return ArrayImgs.floats(values, size);
    }

    @Override
    public CompletableFuture<DiffusionOutcome> submit(final DiffusionRequest request, final DiffusionListener listener, final CancelToken cancel) {
        return CompletableFuture.supplyAsync(() -> generate(request, listener, cancel));
    }

    @Override
    public Optional<StepsTable> measuredSteps(final String model) {
        if (!model.equals("big")) return Optional.empty();
        return Optional.of(new StepsTable("big", "", 64, 64, 7, "cpu", 1, "euler", 100, "2026-11-25", List.of(new StepsRow("ddim", 8, true, 1.5, 0.97, 0))));
    }

    @Override
    public ModelDefaults defaults(final String model) {
        if (model.equals("nowhere")) throw new InvalidInputException("There is no model \"nowhere\". Choose a model folder.");
        return model.equals("big") ? new ModelDefaults(64, 64, new SizeRule(8, 8, true), 9, 7, "euler") : DEFAULTS;
    }

    @Override
    public String modelHash(final String model) {
        defaults(model);
        return "0".repeat(64);
    }

    @Override
    public List<ProviderReport> providers(final boolean retry) {
        return List.of(new ProviderReport(ExecutionProvider.CPU, true, "", ""),
            new ProviderReport(ExecutionProvider.CUDA, false, retry ? "no GPU, twice." : "no GPU.", ""));
    }

    @Override
    public List<DiffusionOutcome> branch(final BranchRequest request, final DiffusionListener listener, final CancelToken cancel) {
        throw new UnsupportedOperationException("no command branches");
    }

    @Override
    public List<OpenSession> openSessions() {
        return List.of();
    }

    @Override
    public void pin(final Path model, final boolean keep) {}

    @Override
    public List<GenerationRecord> records() {
        return List.of();
    }

    @Override
    public QueueSnapshot queue() {
        return new QueueSnapshot(0, 0, 0, java.util.OptionalLong.empty(), List.of());
    }

    @Override
    public List<HealthWarning> healthWarnings() {
        return List.of();
    }

    @Override
    public void look(final List<GpuState> states) {}

    @Override
    public void releaseMemory() {
        released++;
        context().service(FakeSessions.class).release();
    }
}
