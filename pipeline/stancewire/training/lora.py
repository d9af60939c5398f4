"""LoRA through peft: small matrices beside a model's own are trained, and added to them when they are."""

from __future__ import annotations

from typing import Any

from peft import LoraConfig, TaskType, get_peft_model

RANK = 16
SCALE = 2 * RANK
DROPOUT = 0.05


def with_lora(model: Any) -> Any:
    """Return `model` with matrices of rank RANK beside all its linear layers; its head is trained whole."""
    marks_words = "TokenClassification" in type(model).__name__
    task = TaskType.TOKEN_CLS if marks_words else TaskType.SEQ_CLS
    config = LoraConfig(
        task_type=task, r=RANK, lora_alpha=SCALE, lora_dropout=DROPOUT, target_modules="all-linear"
    )
    return get_peft_model(model, config)
