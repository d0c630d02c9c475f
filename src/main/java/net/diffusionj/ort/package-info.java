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
 * ONNX Runtime, and what it takes to run models with it well. Knows no word of diffusion.
 * <p>
 * Sub-packages, from the ground up; each may import those before it:
 * </p>
 * <ol>
 * <li>{@code onnx}: ONNX files, read and checked without ONNX Runtime</li>
 * <li>{@code runtime}: the library itself: its natives, its environment, its failures, its tensor types</li>
 * <li>{@code provider}: what runs models: CPU, CUDA and the others, tried out and configured</li>
 * <li>{@code memory}: how much RAM and GPU memory there is, and how much of it sessions may take</li>
 * <li>{@code rewrite}: models in another form, kept on the disk: float16 as float32, optimised graphs</li>
 * <li>{@code session}: open models on lease, calls, tensors</li>
 * </ol>
 * <p>
 * Stage consumed: ONNX files and arrays. Stage produced: arrays. The only package that imports {@code ai.onnxruntime} and ONNX's protobuf classes. Of the
 * project it imports {@code home} and the root. {@code ArrowsTest} lists the types that packages outside may name.
 * </p>
 */
package net.diffusionj.ort;
