"""The tokenizer, trained on captions and common English, and the small text encoder's configuration."""
import json
import re
from functools import cache
from pathlib import Path

import numpy as np
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer
from transformers.models.clip.tokenization_clip import bytes_to_unicode

from scripts.microdiff.render import caption, captions, sample_scene
from scripts.microdiff.render.scene import COLOURS

POSITIONS = 32
MERGES = 1400
#: How CLIP cuts text into words (Radford et al., 2021): contractions, letters, single digits, other signs.
WORD = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def english_words():
    return sorted(set((Path(__file__).parent / "words.txt").read_text(encoding="utf-8").split()))


def train_tokenizer(folder, seed):
    """Writes vocab.json, merges.txt and the configuration files in CLIP's format; returns the tokenizer."""
    folder = Path(folder)
    if not (folder / "tokenizer_config.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        rng = np.random.default_rng((seed, 21))
        lines = [caption(sample_scene(rng), rng) for _ in range(6000)] + english_words() * 3
        bpe = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
        bpe.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
        bpe.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Split(Regex(WORD), "removed", invert=True),
             pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
        trainer = trainers.BpeTrainer(vocab_size=2 * 256 + MERGES, end_of_word_suffix="</w>", show_progress=False,
                                      initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
        bpe.train_from_iterator(lines, trainer)
        merges = [tuple(pair) for pair in json.loads(bpe.to_str())["model"]["merges"]]
        signs = list(bytes_to_unicode().values())
        vocabulary = [*signs, *(sign + "</w>" for sign in signs), *dict.fromkeys(a + b for a, b in merges),
                      "<|startoftext|>", "<|endoftext|>"]
        ids = {token: number for number, token in enumerate(dict.fromkeys(vocabulary))}
        (folder / "vocab.json").write_text(json.dumps(ids, ensure_ascii=False), encoding="utf-8")
        (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *(f"{a} {b}" for a, b in merges), ""]),
                                           encoding="utf-8")
        CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"),
                      model_max_length=POSITIONS).save_pretrained(folder)
    return CLIPTokenizer.from_pretrained(folder)


def encode(tokenizer, texts):
    """int64 [n, 32] token ids, padded with the end token."""
    return tokenizer(texts, padding="max_length", max_length=POSITIONS, truncation=True,
                     return_tensors="pt").input_ids


def build(tokenizer):
    return CLIPTextModel(CLIPTextConfig(
        vocab_size=len(tokenizer), hidden_size=128, intermediate_size=384, num_hidden_layers=2, num_attention_heads=4,
        max_position_embeddings=POSITIONS, hidden_act="quick_gelu", projection_dim=128,
        bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id))


#: How many captions get words that mean nothing here.
DISTURBED_SHARE = 0.4
#: Words of words.txt that mean a look although no caption has them: not to be taught as empty.
LOOKS = {"violet", "turquoise", "teal", "yellow", "orange", "pink", "black", "brown", "gold", "silver", "darkfield", "scanning", "brightfield",
         "huge", "tall", "long", "short", "thin", "thick", "pale", "soft", "fuzzy", "hazy", "grouped", "uniform", "uniformly", "without", "not", "no",
         "oval", "round", "straight", "bent", "curved", "wavy", "background", "several", "some", "all", "more", "most", "monochrome", "color",
         "mitochondrion", "mitochondrial", "fibre", "dye", "colored", "coloured", "light", "hard", "clear", "glowing", "vivid", "shiny", "brilliant"}


@cache
def empty_words():
    """Words of words.txt that no caption has: a prompt's unknown words should do no harm."""
    said = set(re.findall("[a-z]+", " ".join(map(str, (captions.NAMES, captions.STAINS, captions.PROTEINS, captions.LEVEL_WORDS, captions.PLAIN,
                                                       captions.MODALITY_WORDS, captions.COLOUR_WORDS, captions.PAIRED, captions.CELLS,
                                                       COLOURS)))))
    stems = {word.removesuffix("s") for word in said | LOOKS}
    return tuple(word for word in english_words() if word.removesuffix("s") not in stems)


def made_up(rng):
    """A word that nobody knows, of syllables or of letters and digits."""
    if rng.random() < 0.6:
        return "".join("bcdfghjklmnpqrstvwxyz"[rng.integers(21)] + "aeiouy"[rng.integers(6)] + ("", "", "n", "r", "st", "l")[rng.integers(6)]
                       for _ in range(rng.integers(2, 5)))
    return "".join("abcdefghijklmnopqrstuvwxyz0123456789-"[rng.integers(37)] for _ in range(rng.integers(2, 8)))


def disturbed(text, rng):
    """Now and then, one to three words that mean nothing here, anywhere: what a prompt does not name must not change its picture."""
    if rng.random() >= DISTURBED_SHARE:
        return text
    pieces = text.split(" ")
    for _ in range(int(rng.integers(1, 4))):
        words = empty_words()
        word = words[int(rng.integers(len(words)))] if rng.random() < 0.5 else made_up(rng)
        # Mostly people write them at an end.
        place = (0, len(pieces), int(rng.integers(len(pieces) + 1)))[int(rng.integers(3))]
        if place == len(pieces) and rng.random() < 0.5:
            pieces[-1] += ","
        pieces.insert(place, word)
    return " ".join(pieces)
