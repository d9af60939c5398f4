"""Training in bfloat16 with the weights kept in full."""

from __future__ import annotations

import copy
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="needs torch, from stancewire[train]")


def optimizer(model: Any, rate: float = 1e-3, **options: Any) -> Any:
    from stancewire.training.half import MasterAdamW

    return MasterAdamW(model, lr=rate, weight_decay=0.01, decayed={"weight"}, **options)


def give_gradients(model: Any, size: float = 1.0) -> None:
    for weight in model.parameters():
        weight.grad = torch.full_like(weight, size)


def test_steps_too_small_for_bfloat16_add_up() -> None:
    model = torch.nn.Linear(2, 2, bias=False)
    torch.nn.init.ones_(model.weight)
    slow = optimizer(model, rate=1e-4)  # bfloat16 has nothing between 0.996 and 1
    for _ in range(100):
        give_gradients(model)
        slow.step()
    assert model.weight[0, 0].item() == pytest.approx(0.99, abs=0.004)


@pytest.mark.parametrize("compute", [torch.bfloat16, torch.float32])
def test_it_goes_where_adamw_goes_in_full_precision(compute: Any) -> None:
    torch.manual_seed(0)
    half = torch.nn.Linear(8, 4)
    full = copy.deepcopy(half)
    ours = optimizer(half, compute_dtype=compute)
    theirs = torch.optim.AdamW(
        [{"params": [full.weight], "weight_decay": 0.01}, {"params": [full.bias], "weight_decay": 0.0}],
        lr=1e-3,
    )
    for size in (1.0, -0.5, 2.0):
        for model in (half, full):
            give_gradients(model, size)
        ours.step()
        theirs.step()
    assert half.weight.dtype == compute
    ours.fill()
    torch.testing.assert_close(half.weight, full.weight)
    torch.testing.assert_close(half.bias, full.bias)
    assert half.weight.dtype == torch.float32


def test_a_saved_state_goes_on_with_the_full_weights() -> None:
    model = torch.nn.Linear(4, 4)
    first = optimizer(model)
    give_gradients(model)
    first.step()
    other = copy.deepcopy(model)
    second = optimizer(other)
    second.load_state_dict(copy.deepcopy(first.state_dict()))
    for one, made in ((model, first), (other, second)):
        give_gradients(one, 0.3)
        made.step()
        made.fill()
    torch.testing.assert_close(model.weight, other.weight, rtol=0, atol=0)


def test_frozen_weights_of_a_saved_state_are_the_full_ones() -> None:
    from stancewire.training.half import MasterAdamW

    model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Linear(2, 2))
    model[0].requires_grad_(False)
    before = model[0].weight.detach().clone()
    first = MasterAdamW(model, lr=0.1)
    give_gradients(model[1])
    first.step()
    again = copy.deepcopy(model)  # as a checkpoint has it: rounded
    second = MasterAdamW(again, lr=0.1)
    second.load_state_dict(copy.deepcopy(first.state_dict()))
    second.fill()
    torch.testing.assert_close(again[0].weight, before, rtol=0, atol=0)


def test_frozen_weights_stay_exactly_as_they_were() -> None:
    from stancewire.training.half import MasterAdamW

    model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Linear(2, 2))
    model[0].requires_grad_(False)
    before = [layer.weight.detach().clone() for layer in model]
    made = MasterAdamW(model, lr=0.1)
    give_gradients(model[1])
    made.step()
    made.fill()
    torch.testing.assert_close(model[0].weight, before[0], rtol=0, atol=0)
    assert not torch.equal(model[1].weight, before[1])
    assert {weight.dtype for weight in model.parameters()} == {torch.float32}
