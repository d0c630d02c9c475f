"""One process of optimum's ONNX pipeline: loads a model, makes images, says how long it took.

    python optimum_run.py --model FOLDER --steps 20 --seed 0 --output out.png
    python optimum_run.py --model FOLDER --steps 20 --repeat 5

The first form makes one image and writes it. The second also times generations with everything open and prints their milliseconds as a JSON
list; the prompt changes from run to run, so that the text encoder runs each time, as it does in our bench.
"""
import argparse
import json
import time


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--prompt", default="sparse bright nuclei on a dark background")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--guidance", type=float, default=7.5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--width", type=int)
    parser.add_argument("--height", type=int)
    parser.add_argument("--threads", type=int, default=0, help="threads of ONNX Runtime; 0 for its default, as ours")
    parser.add_argument("--repeat", type=int, default=0)
    parser.add_argument("--output")
    options = parser.parse_args()

    import onnxruntime
    import torch
    from optimum.onnxruntime import ORTStableDiffusionPipeline

    settings = onnxruntime.SessionOptions()
    if options.threads:
        settings.intra_op_num_threads = options.threads
    pipeline = ORTStableDiffusionPipeline.from_pretrained(options.model, provider="CPUExecutionProvider", session_options=settings)
    pipeline.set_progress_bar_config(disable=True)
    size = {} if options.width is None else {"width": options.width, "height": options.height}

    def generate(prompt, seed):
        return pipeline(prompt, num_inference_steps=options.steps, guidance_scale=options.guidance,
                        generator=torch.Generator("cpu").manual_seed(seed), **size).images[0]

    image = generate(options.prompt, options.seed)
    if options.output:
        image.save(options.output)
    times = []
    for i in range(options.repeat):
        start = time.perf_counter()
        generate(f"{options.prompt} {i}", options.seed + 1 + i)
        times.append(1000 * (time.perf_counter() - start))
    if options.repeat:
        print(json.dumps(times))


if __name__ == "__main__":
    main()
