"""The tokenizer, trained on captions and common English, and the small text encoder's configuration."""
import json
from pathlib import Path

import numpy as np
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer
from transformers.models.clip.tokenization_clip import bytes_to_unicode

from scripts.microdiff.render import caption, sample_scene

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


def disturbed(text, rng, words):
    """Now and then, one or two words that mean nothing here: a prompt's unknown words should do no harm."""
    if rng.random() < 0.08:
        pieces = text.split(" ")
        for _ in range(int(rng.integers(1, 3))):
            pieces.insert(int(rng.integers(len(pieces) + 1)), words[int(rng.integers(len(words)))])
        return " ".join(pieces)
    return text
