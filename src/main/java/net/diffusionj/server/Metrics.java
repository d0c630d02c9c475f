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
package net.diffusionj.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.config.EscapingScheme;

import net.diffusionj.ort.memory.GpuState;
import net.diffusionj.ort.memory.MemoryProbe;
import net.diffusionj.ort.session.OpenSession;
import net.diffusionj.server.http.Answer;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionResult;
import net.diffusionj.service.queue.QueueSnapshot;

/** What Prometheus asks for: requests, generations and their times, the queue, memory and GPUs. Holds no prompts and no names of clients. Thread-safe. */
public final class Metrics {

    private static final double MILLIS = 1000;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counter requests = Counter.builder().name("diffusionj_http_requests_total").help("Answers, by endpoint and HTTP status.")
        .labelNames("endpoint", "status").register(registry);
    private final Counter generations = Counter.builder().name("diffusionj_generations_total")
        .help("Requests for images that ended: made, failed, interrupted, or given up because the client was gone, time was over or the server stopped.")
        .labelNames("outcome").register(registry);
    private final Counter images = Counter.builder().name("diffusionj_images_total").help("Images made.").register(registry);
    private final Histogram wait = seconds("diffusionj_wait_seconds", "Time in the queue, of requests that were made.");
    private final Histogram total = seconds("diffusionj_generation_seconds", "Time from request to result, the queue included.");
    private final Histogram step = Histogram.builder().name("diffusionj_step_seconds").help("Median denoising step of each request that was made.")
        .classicOnly().classicExponentialUpperBounds(0.001, 2, 16).register(registry);

    /**
     * @param engine whose queue and sessions are shown
     * @param memory of this machine
     */
    public Metrics(final DiffusionEngine engine, final MemoryProbe memory) {
        GaugeWithCallback.builder().name("diffusionj_queue_waiting").help("Requests that wait, by priority.").labelNames("priority").callback(gauge -> {
            final QueueSnapshot queue = engine.queue();
            gauge.call(queue.interactive(), "interactive");
            gauge.call(queue.batch(), "batch");
        }).register(registry);
        gauge("diffusionj_running", "Requests that run.", () -> engine.queue().running());
        gauge("diffusionj_instances", "Instances that requests run on.", () -> engine.queue().instances().size());
        gauge("diffusionj_instance_failures", "How often instances have failed.",
            () -> engine.queue().instances().stream().mapToLong(QueueSnapshot.InstanceState::failures).sum());
        gauge("diffusionj_sessions_open", "Model files that are open.", () -> engine.sessionsNow().size());
        gauge("diffusionj_sessions_bytes", "Main and GPU memory that open model files took when they were opened.",
            () -> engine.sessionsNow().stream().mapToLong(OpenSession::ramBytes).sum() + engine.sessionsNow().stream().mapToLong(OpenSession::gpuBytes).sum());
        gauge("diffusionj_resident_bytes", "What of the server lies in RAM.", () -> memory.residentBytes().orElse(0));
        gpus("diffusionj_gpu_used_bytes", "Memory of each GPU that is taken, by all programs.", memory, (gauge, gpu) -> gpu.memory()
            .ifPresent(room -> gauge.call(room.usedBytes(), Integer.toString(gpu.index()))));
        gpus("diffusionj_gpu_load_ratio", "Load of each GPU.", memory, (gauge, gpu) -> gpu.loadPercent()
            .ifPresent(percent -> gauge.call(percent / 100.0, Integer.toString(gpu.index()))));
        gpus("diffusionj_gpu_celsius", "Temperature of each GPU.", memory, (gauge, gpu) -> gpu.celsius()
            .ifPresent(celsius -> gauge.call(celsius, Integer.toString(gpu.index()))));
    }

    private Histogram seconds(final String name, final String help) {
        return Histogram.builder().name(name).help(help).classicOnly().classicUpperBounds(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800)
            .register(registry);
    }

    private interface Value {
        double now();
    }

    private void gauge(final String name, final String help, final Value value) {
        GaugeWithCallback.builder().name(name).help(help).callback(gauge -> gauge.call(value.now())).register(registry);
    }

    private interface OfGpu {
        void tell(GaugeWithCallback.Callback gauge, GpuState gpu);
    }

    private void gpus(final String name, final String help, final MemoryProbe memory, final OfGpu value) {
        GaugeWithCallback.builder().name(name).help(help).labelNames("gpu").callback(gauge -> memory.gpus().forEach(gpu -> value.tell(gauge, gpu)))
            .register(registry);
    }

    /** @param endpoint that answered
     *  @param status of HTTP */
    void answered(final String endpoint, final int status) {
        requests.labelValues(endpoint, Integer.toString(status)).inc();
    }

    /** @param outcome of a request for images */
    void ended(final String outcome) {
        generations.labelValues(outcome).inc();
    }

    /** @param result that was made
     *  @param pictures in it */
    void made(final DiffusionResult result, final int pictures) {
        images.inc(pictures);
        result.record().ifPresent(record -> {
            wait.observe(record.times().queue() / MILLIS);
            total.observe(record.times().total() / MILLIS);
            if (!record.times().steps().isEmpty()) step.observe(record.times().medianStep() / MILLIS);
        });
    }

    /** @return all of it as Prometheus reads it */
    public Answer answer() {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
        try {
            writer.write(out, registry.scrape(), EscapingScheme.DEFAULT);
        }
        catch (final IOException e) {
            throw new IllegalStateException("memory cannot fail to be written to", e);
        }
        return new Answer(200, PrometheusTextFormatWriter.CONTENT_TYPE, out.toByteArray(), Map.of());
    }
}
