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
/**
 * The noise mathematics of diffusion: which timesteps a run visits, how noisy the latents are at each, and how a model's prediction
 * turns the latents of one step into those of the next.
 * <p>
 * Stage consumed: latents and noise predictions, as {@code float[]}. Stage produced: the latents of the next step. A
 * {@link net.diffusionj.scheduler.config.SchedulerConfig} is read from a model's {@code scheduler_config.json},
 * {@link net.diffusionj.scheduler.Schedulers} makes a {@link net.diffusionj.scheduler.Scheduler} of it, that makes an immutable
 * {@link net.diffusionj.scheduler.SchedulePlan}, and each image is denoised by a {@link net.diffusionj.scheduler.SchedulerRun} of its own.
 * {@link net.diffusionj.scheduler.noise.TorchRandom} draws the noise that torch would draw.
 * </p>
 * <p>
 * The reference is diffusers 0.35.2 and torch 2.9.1. Where torch computes in float32, so does this package, in the same order. It imports
 * the JDK alone and throws {@link java.lang.IllegalArgumentException} with a sentence that says what was expected and what was found.
 * </p>
 */
package net.diffusionj.scheduler;
