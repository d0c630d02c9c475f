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

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import net.diffusionj.ort.memory.GpuDevice;
import net.diffusionj.ort.memory.MemoryProbe;
import net.diffusionj.ort.onnx.ModelHashes;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.provider.NvidiaDriver;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.pipeline.Reuse;
import net.diffusionj.service.queue.Dispatcher;
import net.diffusionj.service.queue.QueueLimits;
import net.diffusionj.service.settings.Settings;

/**
 * The instances of an engine as the settings want them: made at the first request, and anew when the settings want others. One alone has the sessions that
 * everybody shares; of several each has its own.
 * <p>
 * Thread-safe.
 * </p>
 */
final class Instances {

    private static final int MOST_GPUS = 64;

    private final OpenModels models;
    private final Reuse reuse;
    private final Place place;
    private final SharedSessions shared;
    private final Consumer<String> watcher;
    private final Dispatcher<Generation, List<DiffusionResult>> queue;
    private List<DiffusionInstance> current = List.of();
    private Optional<Integer> gpus = Optional.empty();

    /**
     * Sessions that one instance alone works on.
     *
     * @param with gives them for some settings, loading ONNX Runtime at the first call
     * @param open gives them if there are any yet
     */
    record SharedSessions(Function<Settings, SessionCache> with, Supplier<Optional<SessionCache>> open) {}

    /**
     * Where the instances work.
     *
     * @param home the DiffusionJ home
     * @param hashes tells models apart
     * @param settings reads what is set now
     * @param machine what the instances are planned for; empty for the machine that this is
     */
    record Place(Path home, ModelHashes hashes, Supplier<Settings> settings, Optional<InstancePlan.Machine> machine) {}

    /**
     * @param models describes models and holds their tokenizers
     * @param reuse what runs leave for one another
     * @param place where the instances work
     * @param shared what one instance alone works on; stays its owner's
     * @param watcher is told an instance's name before each of its runs and after each step
     * @param queue gets the instances
     */
    Instances(final OpenModels models, final Reuse reuse, final Place place, final SharedSessions shared, final Consumer<String> watcher,
        final Dispatcher<Generation, List<DiffusionResult>> queue) {
        this.models = models;
        this.reuse = reuse;
        this.place = place;
        this.shared = shared;
        this.watcher = watcher;
        this.queue = queue;
    }

    /** Looks at the settings; to be called before every request. */
    synchronized void refresh() {
        final Settings now = place.settings().get();
        queue.limits(new QueueLimits(now.queue().mostWaiting(), now.queue().mostTogether(), now.queue().companyMillis() * 1_000_000L));
        final List<InstancePlan> plans = InstancePlan.of(now, place.machine().orElseGet(() -> new ThisMachine(now)));
        if (plans.equals(current.stream().map(DiffusionInstance::plan).toList())) return;
        current = plans.stream().map(this::make).toList();
        queue.instances(current);
    }

    private DiffusionInstance make(final InstancePlan plan) {
        final ModelContent content = new ModelContent(place.hashes());
        if (plan.count() == 1) {
            return new DiffusionInstance(plan, new RequestRunner(models, reuse, shared.with(), place.settings(), content, place.home()), shared.open(),
                () -> {}, watcher);
        }
        final SessionCaches own = new SessionCaches(place.home(), place.hashes());
        return new DiffusionInstance(plan, new RequestRunner(models, reuse, now -> own.with(plan.adapt(now)), place.settings(), content, place.home()),
            own::current,
            own::close, watcher);
    }

    /** @return the sessions of each instance that has any of its own */
    synchronized List<SessionCache> sessions() {
        return current.stream().filter(instance -> instance.plan().count() > 1).flatMap(instance -> instance.sessions().stream()).toList();
    }

    /** What this machine has; GPUs are counted once. */
    private final class ThisMachine implements InstancePlan.Machine {

        private final Settings now;

        ThisMachine(final Settings now) {
            this.now = now;
        }

        @Override
        public int processors() {
            return Runtime.getRuntime().availableProcessors();
        }

        @Override
        public int gpus() {
            if (gpus.isEmpty()) gpus = Optional.of(count());
            return gpus.get();
        }

        private int count() {
            if (NvidiaDriver.absence().isPresent()) return 0;
            final MemoryProbe memory = MemoryProbe.ofThisMachine();
            int found = 0;
            while (found < MOST_GPUS && memory.gpu(new GpuDevice(ExecutionProvider.CUDA, found)).isPresent()) found++;
            // A driver alone runs nothing: whether CUDA works here is tried out where it matters.
            return found > 1 && shared.with().apply(now).providers().resolve(now.provider().choice()).get(0) == ExecutionProvider.CPU ? 0 : found;
        }
    }
}
