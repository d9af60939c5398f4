"""MPNet for the export: its attention as the one node that ONNX Runtime has for it, relative positions included."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

DOMAIN = "com.microsoft"  # of ONNX Runtime's own nodes


class ExportedMPNet(nn.Module):
    """A trained MPNetForSequenceClassification with the same answers; takes and gives plain tensors.

    Shapes: `input_ids` and `attention_mask` (batch, tokens), int64; the scores (batch, labels), float32.
    """

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model
        self._layers = [layer.attention for layer in model.mpnet.encoder.layer]
        for layer in self._layers:
            layer.attn = _FusedAttention(layer.attn)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Return the scores."""
        for layer in self._layers:
            layer.attn.mask = attention_mask.to(torch.int32)
        scores: Tensor = self.model(input_ids=input_ids, attention_mask=attention_mask).logits
        return scores


class _FusedAttention(nn.Module):
    """Stands in for MPNetSelfAttention; its projections stay products of their own, which can be quantized."""

    def __init__(self, attention: Any) -> None:
        super().__init__()
        self.q, self.k, self.v, self.o = attention.q, attention.k, attention.v, attention.o
        self.heads: int = attention.num_attention_heads
        self.mask = torch.empty(0)

    def forward(self, hidden: Tensor, _: Tensor, position_bias: Tensor, **__: Any) -> tuple[Tensor]:
        projected = [hidden @ linear.weight.T for linear in (self.q, self.k, self.v)]
        bias = torch.cat([linear.bias for linear in (self.q, self.k, self.v)])
        attend: Any = _Node.apply
        return (self.o(attend(*projected, bias, self.mask, position_bias, self.heads)),)


class _Node(torch.autograd.Function):
    """Multi-head attention: computed here as written, exported as one node."""

    @staticmethod
    def forward(
        ctx: Any,
        q: Tensor,
        k: Tensor,
        v: Tensor,
        bias: Tensor,
        mask: Tensor,
        position_bias: Tensor,
        heads: int,
    ) -> Tensor:
        batch, tokens, width = q.shape
        parts = [
            (part + one).view(batch, tokens, heads, width // heads).transpose(1, 2)
            for part, one in zip((q, k, v), bias.chunk(3), strict=True)
        ]
        scores = parts[0] @ parts[1].transpose(-1, -2) / math.sqrt(width // heads) + position_bias
        scores = scores.masked_fill(mask[:, None, None, :] == 0, torch.finfo(scores.dtype).min)
        return (scores.softmax(-1) @ parts[2]).transpose(1, 2).reshape(batch, tokens, width)

    @staticmethod
    def symbolic(g: Any, *inputs: Any) -> Any:
        *tensors, heads = inputs
        return g.op(f"{DOMAIN}::MultiHeadAttention", *tensors, num_heads_i=heads).setType(tensors[0].type())
