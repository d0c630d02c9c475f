"""Runs webuiapi, a client of AUTOMATIC1111's API from PyPI, against `scripts/diffusionj serve`, and compares what it gets with what the command line writes.

    python -m venv venv && venv/bin/pip install -r scripts/sdapi/requirements.txt
    venv/bin/python -m scripts.sdapi.client [--record FILE]

With --record, the client's calls are written to a file, which WebuiapiReplayTest sends again:
src/test/resources/net/diffusionj/server/webuiapi.json
"""

import argparse
import io
import json
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import requests
import webuiapi
from PIL import Image

REPOSITORY = Path(__file__).resolve().parents[2]
DIFFUSIONJ = REPOSITORY / "scripts" / "diffusionj"
MODEL = REPOSITORY / "src/test/resources/net/diffusionj/models/sd1"


class Recorder(requests.adapters.HTTPAdapter):
    """Writes down what the client sends and which keys it gets."""

    def __init__(self):
        super().__init__()
        self.calls = []

    def send(self, request, **options):
        response = super().send(request, **options)
        call = {"method": request.method, "path": urlsplit(request.url).path, "status": response.status_code}
        if request.body:
            call["body"] = json.loads(request.body)
        answer = response.json()
        if isinstance(answer, dict):
            call["keys"] = sorted(answer)
        self.calls.append(call)
        return response


def command_line(folder, name, *arguments):
    file = folder / name
    subprocess.run([DIFFUSIONJ, *arguments, "--model", MODEL, "--output", file], check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return file.read_bytes()


def check(what, holds):
    print(("ok    " if holds else "WRONG ") + what, flush=True)
    if not holds:
        check.failures += 1


check.failures = 0


def raw(result, index=0):
    return webuiapi.webuiapi.base64.b64decode(result.json["images"][index])


def source_png(folder):
    picture = Image.new("L", (24, 16))
    picture.putdata([(7 * x + 31 * y) % 256 for y in range(16) for x in range(24)])
    picture.save(folder / "source.png")
    mask = Image.new("L", (24, 16))
    mask.paste(255, (0, 0, 12, 16))
    mask.save(folder / "mask.png")
    return picture, mask


def run(address, folder, recorder):
    host, port = urlsplit(address).hostname, urlsplit(address).port
    api = webuiapi.WebUIApi(host=host, port=port, sampler="DPM++ 2M", steps=3)
    api.session.mount("http://", recorder)
    check("sd-models lists the model", "sd1" in api.util_get_model_names())
    check("the current model is the server's", api.util_get_current_model() == "sd1")
    check("samplers have AUTOMATIC1111's names", {"Euler a", "DPM++ 2M", "DDIM"} <= set(api.util_get_sampler_names()))
    check("memory is told", api.get_memory()["ram"]["total"] > 0)
    check("nothing is in progress", api.get_progress()["progress"] == 0)

    made = api.txt2img(prompt="bright nuclei", negative_prompt="blurred", seed=11, cfg_scale=3.5, width=64, height=64)
    size = ["--width", "64", "--height", "64", "--scheduler", "dpmpp-2m", "--steps", "3", "--guidance", "3.5"]
    check("txt2img is the command line's file", raw(made) == command_line(folder, "t.png", "txt2img", "--prompt", "bright nuclei", "--negative", "blurred",
                                                                          "--seed", "11", *size))
    check("the client reads seed and sampler", made.info["seed"] == 11 and made.info["sampler_name"] == "DPM++ 2M" and made.image.size == (64, 64))
    check("webuiapi's defaults bring no warning", made.info["warnings"] == [])

    batch = api.txt2img(prompt="a", seed=5, batch_size=2, width=64, height=64, restore_faces=True)
    check("a batch has the next seeds", batch.info["all_seeds"] == [5, 6] and len(batch.images) == 2)
    check("what is not done is told", [text.split()[0] for text in batch.info["warnings"]] == ["restore_faces"])

    small = api.txt2img(prompt="a", seed=9, width=16, height=16)
    told = api.png_info(Image.open(io.BytesIO(raw(small))))
    check("png-info tells the settings that are in a picture", "Seed: 9, Size: 16x16" in told.info)

    picture, mask = source_png(folder)
    changed = api.img2img(images=[picture], mask_image=mask, prompt="a", seed=3, denoising_strength=0.6, cfg_scale=3.5, width=64, height=64, mask_blur=0,
                          inpainting_fill=1, inpaint_full_res=False)
    expected = command_line(folder, "i.png", "img2img", "--input", folder / "source.png", "--mask", folder / "mask.png", "--prompt", "a", "--seed", "3",
                            "--strength", "0.6", *size)
    check("img2img under a mask is the command line's file", raw(changed) == expected)

    api.set_options({"sd_model_checkpoint": "MicroDiff"})
    check("a chosen model holds", api.util_get_current_model() == "MicroDiff")
    api.util_set_model("sd1")
    check("a model is found by its name", api.util_get_current_model() == "sd1")

    recorded = len(recorder.calls)
    results = []
    slow = threading.Thread(target=lambda: results.append(webuiapi.WebUIApi(host=host, port=port).txt2img(
        prompt="slow", sampler_name="DDIM", steps=900, width=64, height=64, batch_size=20)))
    slow.start()
    while api.get_progress()["progress"] == 0:
        time.sleep(0.1)
    api.interrupt()
    slow.join()
    check("an interrupt ends what is in progress", results[0].images == [] and results[0].info["interrupted"])
    del recorder.calls[recorded:]
    try:
        api.txt2img(prompt="a", sampler_name="No such sampler")
        check("an unknown sampler is refused", False)
    except RuntimeError as e:
        check("an unknown sampler is refused, with the names of those there are", e.args[0] == 422 and "DPM++ 2M" in e.args[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--record", type=Path, help="write the client's calls to this file")
    arguments = parser.parse_args()
    recorder = Recorder()
    with tempfile.TemporaryDirectory() as name:
        server = subprocess.Popen([DIFFUSIONJ, "serve", "--port", "0", "--model", MODEL], stdout=subprocess.PIPE, text=True)
        try:
            line = server.stdout.readline()
            if "serves at " not in line:
                sys.exit("the server did not start: " + line)
            run(line.split("serves at ")[1].split()[0], Path(name), recorder)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)
    if arguments.record:
        text = ",\n".join(json.dumps(call, separators=(",", ":")) for call in recorder.calls)
        arguments.record.write_text("[\n" + text + "\n]\n")
    sys.exit(1 if check.failures else 0)


if __name__ == "__main__":
    main()
