"""AdamW for a model that computes in bfloat16 where the machine can: the optimizer keeps the weights in full precision.

Automatic mixed precision casts all weights anew in each forward pass and all gradients back, which on a CPU takes a
quarter of a step. Here the model itself is bfloat16 and the steps, too small for its eight bits, add up in float32
copies of its weights ("master weights", Micikevicius et al. 2018).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import torch
from torch import Tensor, nn

MASTERS = "masters"


class MasterAdamW(torch.optim.AdamW):
    """AdamW that steps float32 copies of a model's weights and rounds them into the model.

    The model computes in `compute_dtype`. Weights whose names are in `decayed` are pulled to 0 by `weight_decay`; those
    without a gradient stay as they are.
    """

    def __init__(
        self,
        model: nn.Module,
        *,
        lr: float,
        weight_decay: float = 0.0,
        decayed: Collection[str] = (),
        compute_dtype: torch.dtype = torch.bfloat16,
    ) -> None:
        self._model = model
        self._full = {name: weight.detach().float().clone() for name, weight in model.named_parameters()}
        model.to(compute_dtype)
        trained = {name: weight for name, weight in model.named_parameters() if weight.requires_grad}
        names = [name for name in trained if name in decayed] + [
            name for name in trained if name not in decayed
        ]
        self.weights: list[Tensor] = [trained[name] for name in names]
        self.masters: list[Tensor] = [self._full[name] for name in names]
        pulled = sum(name in decayed for name in names)
        groups = [
            {"params": self.masters[:pulled], "weight_decay": weight_decay},
            {"params": self.masters[pulled:], "weight_decay": 0.0},
        ]
        super().__init__([group for group in groups if group["params"]], lr=lr, fused=True)

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]
        """Take one step with the gradients of the model's weights, then round the result into them."""
        for master, weight in zip(self.masters, self.weights, strict=True):
            master.grad = None if weight.grad is None else weight.grad.float()
        loss: float | None = super().step(closure)
        torch._foreach_copy_(self.weights, self.masters)
        for master in self.masters:
            master.grad = None
        return loss

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of the model's weights."""
        for weight in self.weights:
            weight.grad = None

    def state_dict(self) -> dict[str, Any]:
        """Return the state with the full weights, frozen ones too, which the model's own checkpoint has rounded."""
        return {**super().state_dict(), MASTERS: {name: full.clone() for name, full in self._full.items()}}

    @torch.no_grad()
    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from a state that `state_dict` returned."""
        super().load_state_dict({key: value for key, value in state_dict.items() if key != MASTERS})
        for name, full in self._full.items():
            full.copy_(state_dict[MASTERS][name])
        torch._foreach_copy_(self.weights, self.masters)

    @torch.no_grad()
    def fill(self) -> None:
        """Make the model float32 again, with the full weights."""
        self._model.float()
        for name, weight in self._model.named_parameters():
            weight.copy_(self._full[name])
