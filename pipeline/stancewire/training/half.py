"""AdamW for a model that computes in bfloat16: the optimizer keeps every trained weight in full precision.

Automatic mixed precision casts all weights anew in each forward pass and all gradients back, which on a CPU takes a
quarter of a step. Here the model itself is bfloat16 and the steps, too small for its eight bits, add up in float32
copies of its weights ("master weights", Micikevicius et al. 2018).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

MASTERS = "masters"


class MasterAdamW(torch.optim.AdamW):
    """AdamW that steps float32 copies of bfloat16 weights and rounds them back into the model.

    `groups` are parameter groups of the model, as torch's optimizers take them; the weights are copied when it is made.
    """

    def __init__(self, groups: Iterable[dict[str, Any]], **options: Any) -> None:
        groups = list(groups)
        self.weights: list[Tensor] = [weight for group in groups for weight in group["params"]]
        full = [
            {**group, "params": [weight.detach().float() for weight in group["params"]]} for group in groups
        ]
        super().__init__(full, fused=True, **options)
        self.masters: list[Tensor] = [master for group in self.param_groups for master in group["params"]]

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
        """Return the state with the full weights, which the model's own checkpoint has rounded."""
        return {**super().state_dict(), MASTERS: [master.clone() for master in self.masters]}

    @torch.no_grad()
    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from a state that `state_dict` returned."""
        super().load_state_dict({key: value for key, value in state_dict.items() if key != MASTERS})
        torch._foreach_copy_(self.masters, state_dict[MASTERS])
        torch._foreach_copy_(self.weights, self.masters)

    @torch.no_grad()
    def fill(self, model: nn.Module) -> None:
        """Turn `model`, whose weights this optimizer has, into float32 with the full weights."""
        full = {id(weight): master for weight, master in zip(self.weights, self.masters, strict=True)}
        for weight in model.parameters():
            weight.data = full[id(weight)].clone() if id(weight) in full else weight.data.float()
        model.float()  # buffers, too
