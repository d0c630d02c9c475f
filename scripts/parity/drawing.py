"""Draws configurations at random: a model, a scheduler_config.json, and what to ask of them."""

from dataclasses import dataclass

DDIM, PNDM, LMS = "DDIMScheduler", "PNDMScheduler", "LMSDiscreteScheduler"
EULER, ANCESTRAL = "EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler"
DPM, LCM = "DPMSolverMultistepScheduler", "LCMScheduler"
NAMES = {DDIM: "ddim", PNDM: "pndm", LMS: "lms", EULER: "euler", ANCESTRAL: "euler-ancestral", DPM: "dpmpp-2m", LCM: "lcm"}

STABLE_DIFFUSION = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
PROMPTS = ("", "nuclei", "sparse bright nuclei on a dark background", "Zwölf GREEN filaments, 16-bit!",
           "dense small nuclei; green nuclei and red filaments cross the field, " * 8)
STEPS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 17, 20, 25, 30)


@dataclass(frozen=True)
class Base:
    """A model whose parts runs share. side is its own size in pixels."""

    name: str
    prediction: str
    side: int
    whole_timesteps: bool = False
    distilled: bool = False
    draws_in_encoder: bool = False


BASES = (
    Base("sd1", "epsilon", 64),
    Base("sd1-int64", "epsilon", 64, whole_timesteps=True),
    Base("sd1-legacy", "epsilon", 64, draws_in_encoder=True),
    Base("deep", "epsilon", 64),
    Base("sd2-v", "v_prediction", 32, whole_timesteps=True),
    Base("turbo", "epsilon", 16),
    Base("lcm", "epsilon", 32, distilled=True),
)


@dataclass
class Run:
    number: int
    base: Base
    config: dict
    scheduler: str
    chosen: bool
    steps: int
    guidance: float
    prompt: str
    negative: str
    batch: int
    seed: int
    width: int
    height: int
    strength: float | None


def draw(number, random):
    base = random.choice(BASES)
    written = LCM if base.distilled else random.choice(tuple(NAMES))
    chosen = not base.distilled and random.random() < 0.25
    scheduler = random.choice(tuple(NAMES)) if chosen else written
    config = config_of(written, base, random)
    steps = random.choice(STEPS)
    if scheduler == LCM:
        steps = min(steps, 8)
    image = not base.draws_in_encoder and random.random() < 0.4
    strength = random.choice((round(random.uniform(0.02, 1), 2), 0.05, 0.3, 0.75, 1.0)) if image else None
    # diffusers takes multiples of 8; above four times the model's own pixels we draw in tiles and it does not.
    width, height = (8 * random.randint(1, 9) for _ in range(2))
    while width * height > 4 * base.side**2:
        width, height = (max(8, side // 16 * 8) for side in (width, height))
    return Run(
        number, base, config, scheduler, chosen, steps,
        guidance=random.choice((0.0, 1.0, 1.5, 3.0, 5.0, 7.5, round(random.uniform(0, 12), 2))),
        prompt=random.choice(PROMPTS), negative=random.choice(("", "blurry, out of focus", PROMPTS[-1])),
        batch=random.choice((1, 1, 1, 2, 3)), seed=random.choice((0, random.randrange(2**31), random.randrange(2**53))),
        width=width, height=height, strength=strength,
    )


def config_of(scheduler, base, random):
    """What a scheduler_config.json may hold; most keys are left out now and then."""
    config = {"_class_name": scheduler, "_diffusers_version": "0.35.2"}
    config.update(random.choice((
        STABLE_DIFFUSION, STABLE_DIFFUSION, STABLE_DIFFUSION, {}, {"beta_schedule": "squaredcos_cap_v2"},
        {"beta_schedule": "linear", "beta_start": round(random.uniform(5e-5, 5e-4), 6), "beta_end": round(random.uniform(0.008, 0.03), 4)},
        {"beta_schedule": "scaled_linear", "beta_start": round(random.uniform(5e-5, 1e-3), 6), "beta_end": round(random.uniform(0.008, 0.03), 4)},
    )))
    may(config, random, 0.15, num_train_timesteps=(1000, 500, 1200))
    may(config, random, 0.7, timestep_spacing=("linspace", "leading", "trailing"))
    may(config, random, 0.6, steps_offset=(0, 1, 1, 2))
    may(config, random, 0.6, clip_sample=(True, False))
    may(config, random, 0.5, set_alpha_to_one=(True, False))
    may(config, random, 0.8, skip_prk_steps=(True, True, False))
    if base.prediction != "epsilon" or random.random() < 0.5:
        config["prediction_type"] = base.prediction
    may(config, random, 0.08, prediction_type=("epsilon", "v_prediction", "sample"))
    may(config, random, 0.12, rescale_betas_zero_snr=(True,))
    if random.random() < 0.4:
        config[random.choice(("use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas"))] = True
    if random.random() < 0.1:
        config.update(sigma_min=random.choice((0.03, 0.1)), sigma_max=random.choice((9.0, 20.0)))
    may(config, random, 0.15, final_sigmas_type=("zero", "sigma_min"))
    may(config, random, 0.15, interpolation_type=("linear", "log_linear"))
    may(config, random, 0.1, timestep_type=("discrete", "continuous"))
    may(config, random, 0.08, thresholding=(True,), sample_max_value=(1.0, 1.5, 4.0))
    if scheduler == DPM:
        may(config, random, 0.3, algorithm_type=("dpmsolver++", "sde-dpmsolver++"))
        may(config, random, 0.5, solver_order=(1, 2, 3), solver_type=("midpoint", "heun"))
        may(config, random, 0.3, lower_order_final=(True, False), euler_at_final=(True, False))
        may(config, random, 0.2, lambda_min_clipped=(-5.1, -3.0))
        if not any(key in config for key in ("use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas")):
            may(config, random, 0.15, use_lu_lambdas=(True,))
    if scheduler == LCM:
        may(config, random, 0.3, original_inference_steps=(50, 40), timestep_scaling=(10.0, 8.0))
    return config


def may(config, random, share, **choices):
    if random.random() < share:
        config.update({key: random.choice(values) for key, values in choices.items()})
