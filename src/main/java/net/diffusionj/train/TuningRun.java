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
package net.diffusionj.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;

import com.google.gson.JsonObject;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.InvalidInputException;
import net.diffusionj.model.InstalledModels;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.ort.memory.MemoryProbe;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.rewrite.ModelWeights;
import net.diffusionj.ort.session.SessionLease;
import net.diffusionj.pipeline.MaterialEncoder;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.train.TuneProgress.Phase;
import net.diffusionj.train.material.Material;
import net.diffusionj.train.material.MaterialMaker;
import net.diffusionj.train.material.NamedImage;
import net.diffusionj.train.step.Batches;
import net.diffusionj.train.step.NoiseLaw;
import net.diffusionj.train.step.TrainingStep;
import net.diffusionj.train.step.Weights;

/**
 * One tuning from the check of its request to the installed model. Not thread-safe; used once.
 */
final class TuningRun {

    private static final int VALIDATION_CROPS = 16;
    /** Arrays of the state on the disk, twice because the new one is written beside the old, and the model. */
    private static final long ON_DISK = 11L * Float.BYTES;

    private final DiffusionEngine diffusion;
    private final Path home;
    private final TuneRequest request;
    private final TuneOptions options;
    private final TuneListener listener;
    private final CancelToken cancel;
    private final RunFolder folder;

    TuningRun(final DiffusionEngine diffusion, final Path home, final TuneRequest request, final TuneListener listener, final CancelToken cancel) {
        this.diffusion = diffusion;
        this.home = home;
        this.request = request;
        this.options = request.options();
        this.listener = listener;
        this.cancel = cancel;
        this.folder = new RunFolder(home, request.name());
    }

    TuneOutcome run() {
        final InstalledModels models = diffusion.installedModels();
        ProviderChoice.parse(options.provider());
        final boolean goesOn = request.resume() && folder.exists();
        final Path target = goesOn ? models.folder().resolve(request.name()) : models.place(request.name());
        checkResume(goesOn);
        // What goes on needs the model that it began from no more.
        final ModelFolder asked = goesOn && Files.isDirectory(folder.base()) ? ModelFolder.open(folder.base()) : diffusion.describe(options.model());
        check(asked);
        final List<NamedImage> images = Files.exists(folder.material()) ? List.of() : request.images().list();
        folder.begin(asked, new RunFolder.Origin(asked.name(), diffusion.modelHash(asked.root().toString())));
        final ModelFolder base = ModelFolder.open(folder.base());
        final Optional<Material> material = material(base, images);
        if (material.isEmpty()) return new TuneOutcome(Optional.empty(), 0, 0, 0, Double.NaN, Double.NaN, true, Optional.empty());
        return train(base, material.get(), target);
    }

    private void checkResume(final boolean goesOn) {
        if (request.resume() && !goesOn) {
            throw new InvalidInputException("There is no unfinished tuning " + request.name() + " in " + home + " to be resumed. Begin one.");
        }
        if (!request.resume() && folder.exists()) {
            throw new InvalidInputException("A tuning " + request.name() + " was begun and not finished. Resume it, remove it, or choose another name.");
        }
    }

    private static void check(final ModelFolder model) {
        if (model.trainingStep().isEmpty()) {
            throw new InvalidInputException("The model " + model.root() + " has no training step (unet/training.onnx), so it cannot be tuned. Make one with"
                + " python -m scripts.training MODEL_FOLDER; scripts/export/README.md says how to export the model.");
        }
        model.requireVaeEncoder();
        NoiseLaw.of(model);
    }

    /** @return what is learned, read or made; empty if it was cancelled meanwhile */
    private Optional<Material> material(final ModelFolder base, final List<NamedImage> images) {
        try {
            if (!Files.exists(folder.material())) MaterialFile.write(folder.material(), made(base, images));
            final Material material = MaterialFile.read(folder.material());
            material.warnings().forEach(listener::warning);
            return Optional.of(material);
        }
        catch (final CancellationException e) {
            if (!cancel.isCancelled()) throw e;
            folder.delete();
            return Optional.empty();
        }
        catch (final InvalidInputException e) {
            if (!Files.exists(folder.material())) folder.delete();
            throw e;
        }
    }

    private Material made(final ModelFolder base, final List<NamedImage> images) {
        final String model = base.root().toString();
        final Rehearsal rehearsal = options.rehearsal() == 0 ? Rehearsal.NONE : Rehearsal.draw(diffusion, base, options.provider(), options.seed(),
            share -> tell(Phase.REHEARSING, share), cancel);
        return diffusion.withModel(model, options.provider(), cancel, (opened, sessions) -> {
            final int widthPx = base.defaultWidthPx();
            final int heightPx = base.defaultHeightPx();
            try (MaterialEncoder encoder = new MaterialEncoder(opened, widthPx, heightPx, cancel)) {
                final MaterialMaker maker = new MaterialMaker(encoder, widthPx, heightPx, options.seed(), share -> tell(Phase.READING, share), cancel);
                return rehearsed(maker.make(images, request.caption(), options.crops(), VALIDATION_CROPS), rehearsal, encoder);
            }
        });
    }

    private static Material rehearsed(final Material own, final Rehearsal rehearsal, final MaterialEncoder encoder) {
        final List<float[]> texts = new ArrayList<>(own.texts());
        rehearsal.prompts().forEach(prompt -> texts.add(encoder.embed(prompt)));
        final List<Integer> textOfEach = rehearsal.promptOfEach().stream().map(prompt -> own.texts().size() + prompt).toList();
        return new Material(own.latentShape(), own.training(), own.validation(), own.views(), own.thumbnails(), rehearsal.latents(), textOfEach, texts,
            own.sources(), own.objectSizePx(),
            own.warnings());
    }

    private TuneOutcome train(final ModelFolder base, final Material material, final Path target) {
        tell(Phase.OPENING, 0);
        final Path graph = base.trainingStep().orElseThrow();
        final ModelWeights stored = ModelWeights.read(base.unet());
        try (SessionLease lease = diffusion.lease(graph, options.provider())) {
            final int batch = batch(lease, graph, material);
            if (batch < options.batch()) listener.warning("Memory is short, so a batch has " + batch + " pictures instead of " + options.batch() + ".");
            try (TrainingStep step = new TrainingStep(lease, batch, material.latentShape(), material.texts().get(0).length)) {
                final List<List<Long>> shapes = List.copyOf(step.shapes().values());
                final Weights beginning = weights(step, stored);
                folder.checkRoom(beginning.numbers() * ON_DISK);
                final String settings = settings(batch);
                final RunState state = Files.exists(folder.state()) ? RunState.load(folder.state(), beginning, shapes, settings)
                    : RunState.begin(beginning, shapes);
                final Batches batches = new Batches(material, NoiseLaw.of(base), options.seed(), batch, options.rehearsal());
                final TrainingLoop loop =
                    new TrainingLoop(step, batches, state, request, () -> {
                        state.save(folder.state(), settings);
                        if (listener.wantsPictures()) preview(base, stored, state);
                    }, listener::progress, cancel);
                final TrainingLoop.End end = loop.run();
                return finish(base, material, target, stored, state, end, batch);
            }
        }
    }

    /** Pictures are for the eye: what goes wrong here stops nothing. */
    private void preview(final ModelFolder base, final ModelWeights stored, final RunState state) {
        try {
            new TunedModel(base.root(), stored).write(folder.preview(), state.average().values());
            listener.pictures(request.name(), state.steps(),
                new Comparing(diffusion, options.provider(), cancel).look(folder.preview(), request.caption(), base));
        }
        catch (final DiffusionJException e) {
            listener.warning("The tuning goes on, but could not draw: " + e.getMessage());
        }
    }

    private int batch(final SessionLease lease, final Path graph, final Material material) {
        final long numbers = TrainingStep.numbers(lease);
        final long perPixel = ModelWeights.note(graph, "diffusionj.bytes_per_latent_pixel").map(Long::valueOf).orElse(0L);
        final MemoryNeed need = new MemoryNeed(numbers, perPixel * material.latentShape()[1] * material.latentShape()[2]);
        final Runtime java = Runtime.getRuntime();
        final boolean onCpu = lease.providers().get(0) == ExecutionProvider.CPU;
        return need.batch(options.batch(), java.maxMemory() - java.totalMemory() + java.freeMemory(),
            onCpu ? MemoryProbe.ofThisMachine().availableBytes() : OptionalLong.empty());
    }

    private static Weights weights(final TrainingStep step, final ModelWeights stored) {
        final List<float[]> values = new ArrayList<>();
        step.shapes().forEach((name, shape) -> values.add(stored.values(name, shape)));
        return new Weights(step.names(), values);
    }

    /** What must be the same for a tuning to go on. */
    private String settings(final int batch) {
        final JsonObject json = new JsonObject();
        json.addProperty("caption", request.caption());
        json.addProperty("seed", options.seed());
        json.addProperty("rate", options.rate());
        json.addProperty("batch", batch);
        json.addProperty("rehearsal", options.rehearsal());
        json.addProperty("crops", options.crops());
        json.addProperty("validateEvery", options.validateEvery());
        return json.toString();
    }

    private TuneOutcome finish(final ModelFolder base, final Material material, final Path target, final ModelWeights stored,
        final RunState state, final TrainingLoop.End end, final int batch) {
        final Optional<String> stopped = end == TrainingLoop.End.DIVERGED ? Optional.of("The loss became infinite or no number after " + state.steps()
            + " steps, so the tuning stopped there. A lower learning rate than " + options.rate() + " may help.") : Optional.empty();
        final boolean cancelled = end == TrainingLoop.End.CANCELLED;
        if (state.points().isEmpty()) return new TuneOutcome(Optional.empty(), state.steps(), state.seconds(), 0, Double.NaN, Double.NaN, cancelled, stopped);
        final RunState.Point best = state.bestPoint();
        final boolean learned = best.step() > 0;
        if (learned) {
            tell(Phase.WRITING, 0);
            final ModelCard card = new ModelCard(request.name(), folder.origin().name(), folder.origin().hash(), request.caption(), options.licence(),
                options.seed(), state.steps(), best.step(), batch, options.rate(), request.budget().steps().isPresent() && end == TrainingLoop.End.DONE,
                version(), state.points(), material.sources());
            new TunedModel(base.root(), stored).install(target, state.best(), card, material.objectSizePx());
            if (end == TrainingLoop.End.DONE) compare(base, target, card, material);
        }
        if (end == TrainingLoop.End.DONE) folder.delete();
        return new TuneOutcome(learned ? Optional.of(target) : Optional.empty(), state.steps(), state.seconds(), best.step(),
            state.points().get(0).validation(),
            best.validation(), cancelled, stopped);
    }

    /** The model is there already: what goes wrong here costs the comparison alone. */
    private void compare(final ModelFolder base, final Path target, final ModelCard card, final Material material) {
        tell(Phase.COMPARING, 0);
        try {
            new Comparing(diffusion, options.provider(), cancel).compare(base, target, card, material);
        }
        catch (final DiffusionJException | CancellationException e) {
            listener.warning("The model is installed, but was not compared with the one before: " + e.getMessage());
        }
    }

    private static String version() {
        return Optional.ofNullable(TuningRun.class.getPackage().getImplementationVersion()).orElse("of a development build");
    }

    private void tell(final Phase phase, final double share) {
        listener.progress(new TuneProgress(request.name(), phase, 0, share, OptionalDouble.empty(), OptionalDouble.empty(), OptionalLong.empty()));
    }
}
