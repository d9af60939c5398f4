"""A tiny random BERT, small enough to be made for each run of the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
MARKS = ["[H]", "[/H]", "[T]", "[/T]"]
POSITIONS = 140  # no multiple of the padding, and fewer than tokenizers claim that name no limit


def save_bert(folder: Path, labels: list[str], *, seed: int = 0, positions: int = POSITIONS) -> None:
    """Save a BERT of 2 layers, 32 wide, with these labels and random weights, and its tokenizer."""
    import torch
    import transformers

    save_tokenizer(folder)
    torch.manual_seed(seed)
    config = transformers.BertConfig(**_shape(labels, positions))
    transformers.BertForSequenceClassification(config).save_pretrained(folder)


def save_mpnet(folder: Path, labels: list[str], *, positions: int = POSITIONS) -> None:
    """Save an MPNet of the same size: an encoder without token types, whose padding is not token 0."""
    import torch
    import transformers

    save_tokenizer(folder)
    torch.manual_seed(0)
    config = transformers.MPNetConfig(**_shape(labels, positions), pad_token_id=1)
    model = transformers.MPNetForSequenceClassification(config)
    with torch.no_grad():
        for weight in model.parameters():
            weight += 0.02 * torch.randn_like(weight)  # no two biases are equal, as after training
    model.save_pretrained(folder)


def _shape(labels: list[str], positions: int) -> dict[str, Any]:
    """Return the configuration that both encoders share."""
    return {
        "vocab_size": len(vocabulary()),
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 64,
        "max_position_embeddings": positions,
        "initializer_range": 0.4,  # spreads the answers; the usual 0.02 makes them all alike
        "id2label": dict(enumerate(labels)),
        "label2id": {label: number for number, label in enumerate(labels)},
    }


def save_tokenizer(folder: Path) -> None:
    """Save a word-piece tokenizer that spells every word letter by letter."""
    import transformers
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    ids = {token: number for number, token in enumerate(vocabulary())}
    made = Tokenizer(models.WordPiece(ids, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", ids["[CLS]"]), ("[SEP]", ids["[SEP]"])],
    )
    names: dict[str, Any] = {
        "unk_token": "[UNK]",
        "pad_token": "[PAD]",
        "cls_token": "[CLS]",
        "sep_token": "[SEP]",
        "mask_token": "[MASK]",
        "additional_special_tokens": MARKS,
    }
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=made,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
        **names,
    )
    fast.save_pretrained(folder)


def vocabulary() -> list[str]:
    """Return the tokens: special ones, the alphabet, and the alphabet inside words."""
    letters = [chr(number) for number in range(33, 127)]
    return [*SPECIAL, *MARKS, *letters, *(f"##{letter}" for letter in letters)]
