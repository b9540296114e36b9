"""Train the LoRA adapter of the language model on the project's own questions.

    python scripts/train_adapter.py --data FOLDER --passes 2 --state STATE
        --out models/adapter.gguf [--init adapter.gguf] [--minutes 5] [--device cuda]

FOLDER is made by prepare_adapter.py; this needs torch, transformers and gguf alone, so that it
runs on any machine. Many examples share one forward pass: each attends to the common beginning
and to itself only (tree attention; Cai et al. 2024, arXiv:2401.10774), which spares the common
part and all padding. LoRA (Hu et al. 2021, arXiv:2106.09685) sits on all linear layers of the
dequantised base, so it also learns around the rounding to four bits. Interrupted training goes
on from STATE; training that may take only so many minutes ends by then, its rate fallen as at the
end of all passes.
"""

import argparse
import json
import math
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

PACKS = "packs.json"
BASE = "base.gguf"
RANK = 32
RATE = 4e-4
WARM_UP = 20  # steps
ACCUMULATE = 2  # packs a step
SAVE_EVERY = 50  # steps

# llama.cpp's names of the linear layers and norms, and those of transformers.
LINEAR = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
NORM = {"attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm"}


@dataclass(frozen=True, slots=True)
class Pack:
    """A common beginning and its branches: token ids, and where the text to learn begins."""

    prefix: list[int]
    branches: list[tuple[list[int], int]]


class Lora(torch.nn.Module):
    """A frozen linear layer plus a trained product of two thin ones, with scale 1."""

    def __init__(self, base: torch.nn.Linear) -> None:
        super().__init__()
        self.base = base
        self.a = torch.nn.Parameter(torch.empty(RANK, base.in_features))
        self.b = torch.nn.Parameter(torch.zeros(base.out_features, RANK))
        torch.nn.init.kaiming_uniform_(self.a, a=math.sqrt(5))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the sum of both."""
        low = x @ self.a.T.to(x.dtype)
        return self.base(x) + low @ self.b.T.to(x.dtype)  # type: ignore[no-any-return]


def load_packs(path: Path) -> dict[str, list[Pack]]:
    """Return the packs to learn from ("learnt") and those to measure with ("held")."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    return {name: [Pack(**pack) for pack in packs] for name, packs in stored.items()}


def load_base(path: Path) -> Any:
    """Return the base model of a GGUF file as a frozen bfloat16 transformers model."""
    import gguf
    from gguf.quants import dequantize
    from transformers import LlamaConfig, LlamaForCausalLM

    reader = gguf.GGUFReader(path)

    def value(key: str) -> Any:
        return reader.fields[f"llama.{key}"].contents()

    heads, shared = value("attention.head_count"), value("attention.head_count_kv")
    tensors = {t.name: dequantize(t.data, t.tensor_type) for t in reader.tensors}
    embedding = tensors["token_embd.weight"]
    state = {
        "model.embed_tokens.weight": embedding,
        "lm_head.weight": embedding,
        "model.norm.weight": tensors["output_norm.weight"],
    }
    for name, weight in tensors.items():
        if name.startswith("blk."):
            _, layer, kind, _ = name.split(".")
            heads_of = {"attn_q": heads, "attn_k": shared}.get(kind)
            own = (LINEAR | NORM)[kind]
            state[f"model.layers.{layer}.{own}.weight"] = (
                unpermuted(weight, heads_of) if heads_of else weight
            )
    rope = float(value("rope.freq_base"))
    config = LlamaConfig(  # type: ignore[call-arg]
        hidden_size=embedding.shape[1],
        intermediate_size=value("feed_forward_length"),
        num_hidden_layers=value("block_count"),
        num_attention_heads=heads,
        num_key_value_heads=shared,
        vocab_size=embedding.shape[0],
        rms_norm_eps=value("attention.layer_norm_rms_epsilon"),
        rope_parameters={"rope_type": "default", "rope_theta": rope},
        tie_word_embeddings=True,
        attn_implementation="sdpa",
    )
    model: Any = LlamaForCausalLM(config)
    model.load_state_dict({k: torch.tensor(np.asarray(v)).float() for k, v in state.items()})
    return model.requires_grad_(False).to(torch.bfloat16)


def unpermuted(weight: Any, heads: int) -> Any:
    """Undo the order in which llama.cpp keeps the rows of queries and keys, for its rotation."""
    rows = weight.shape[0]
    return weight.reshape(heads, rows // heads // 2, 2, -1).swapaxes(1, 2).reshape(weight.shape)


def permuted(weight: Any, heads: int) -> Any:
    """The inverse of `unpermuted`."""
    rows = weight.shape[0]
    return weight.reshape(heads, 2, rows // heads // 2, -1).swapaxes(1, 2).reshape(weight.shape)


def add_lora(model: Any) -> dict[str, tuple[Lora, int]]:
    """Wrap every linear layer; return the wrappers by llama.cpp's names, with the heads whose
    rows are permuted there (0: none)."""
    heads = {"attn_q": model.config.num_attention_heads, "attn_k": model.config.num_key_value_heads}
    wrapped: dict[str, tuple[Lora, int]] = {}
    for number, layer in enumerate(model.model.layers):
        for kind, path in LINEAR.items():
            part, name = path.split(".")
            parent = getattr(layer, part)
            lora = Lora(getattr(parent, name))
            setattr(parent, name, lora)
            wrapped[f"blk.{number}.{kind}.weight"] = (lora, heads.get(kind, 0))
    return wrapped


def read_adapter(path: Path, wrapped: dict[str, tuple[Lora, int]]) -> None:
    """Start from an adapter made before."""
    import gguf

    stored = {t.name: np.array(t.data, np.float32) for t in gguf.GGUFReader(path).tensors}
    for name, (lora, heads) in wrapped.items():
        b = stored[f"{name}.lora_b"]
        lora.a.data = torch.from_numpy(stored[f"{name}.lora_a"]).to(lora.a.device)
        b = np.ascontiguousarray(unpermuted(b, heads) if heads else b)
        lora.b.data = torch.from_numpy(b).to(lora.b.device)


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A file to write, which takes the place of `path` at the end: training is often ended by a
    time limit, and what it would go on from must be whole."""
    unfinished = path.with_name(f"{path.name}.tmp")
    yield unfinished
    unfinished.replace(path)


def write_adapter(path: Path, wrapped: dict[str, tuple[Lora, int]]) -> None:
    """Write the adapter as llama.cpp reads it, in float16."""
    import gguf

    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(RANK))
    for name, (lora, heads) in wrapped.items():
        b = lora.b.detach().cpu().numpy()
        b = permuted(b, heads) if heads else b
        writer.add_tensor(f"{name}.lora_a", lora.a.detach().cpu().numpy().astype(np.float16))
        writer.add_tensor(f"{name}.lora_b", np.ascontiguousarray(b).astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def pack_loss(model: Any, pack: Pack) -> tuple[torch.Tensor, int]:
    """Return the mean cross-entropy of the replies of a pack, and their tokens."""
    shared = len(pack.prefix)
    ids, positions, owner = list(pack.prefix), list(range(shared)), [0] * shared
    targets = [-100] * shared
    for number, (branch, begin) in enumerate(pack.branches, 1):
        ids += branch
        positions += range(shared, shared + len(branch))
        owner += [number] * len(branch)
        targets += [-100] * (begin - 1) + branch[begin:] + [-100]
    device = model.device
    own = torch.tensor(owner, device=device)
    seen = (own[:, None] == own[None]) | (own[None] == 0)
    mask = seen & torch.ones_like(seen).tril()
    hidden = model.model(
        input_ids=torch.tensor(ids, device=device)[None],
        attention_mask=mask[None, None],
        position_ids=torch.tensor(positions, device=device)[None],
        use_cache=False,
    ).last_hidden_state[0]
    wanted = torch.tensor(targets, device=device)
    learnt = wanted != -100
    logits = model.lm_head(hidden[learnt]).float()
    return functional.cross_entropy(logits, wanted[learnt]), int(learnt.sum())


def held_out_loss(model: Any, packs: Sequence[Pack]) -> float:
    """Return the mean loss per token over `packs`."""
    with torch.no_grad():
        losses = [pack_loss(model, pack) for pack in packs]
    return sum(float(loss) * n for loss, n in losses) / sum(n for _, n in losses)


def batches(packs: Sequence[Pack], first: int, steps: int) -> Iterator[list[Pack]]:
    """The packs of each step from `first` on; every pass has its own order, known from its
    number, so that interrupted training goes on with what it has not seen."""
    for step in range(first, steps):
        chosen = []
        for n in range(step * ACCUMULATE, (step + 1) * ACCUMULATE):
            number, place = divmod(n, len(packs))
            order = random.Random(number).sample(range(len(packs)), len(packs))
            chosen.append(packs[order[place]])
        yield chosen


def train(
    model: Any, wrapped: dict[str, tuple[Lora, int]], packs: list[Pack], held: list[Pack],
    options: argparse.Namespace,
) -> None:  # fmt: skip
    """Train for so many passes over `packs`, keeping state and adapter up to date."""
    passes, state, out = options.passes, options.state, options.out
    parameters = [p for lora, _ in wrapped.values() for p in (lora.a, lora.b)]
    optimiser = torch.optim.AdamW(parameters, lr=options.rate, betas=(0.9, 0.98), weight_decay=0.0)
    steps, first = math.ceil(passes * len(packs) / ACCUMULATE), 0
    if state.exists():
        kept = torch.load(state, weights_only=True)
        first = kept["step"]
        optimiser.load_state_dict(kept["optimiser"])
        for parameter, value in zip(parameters, kept["parameters"], strict=True):
            parameter.data = value
    print(f"{len(packs)} packs, {steps} steps, loss {held_out_loss(model, held):.4f}", flush=True)
    started, recent, read = time.time(), [], 0
    for step, chosen in enumerate(batches(packs, first, steps), first + 1):
        done = max(step / steps, (time.time() - started) / (60 * options.minutes))
        for pack in chosen:
            loss, _ = pack_loss(model, pack)
            (loss / ACCUMULATE).backward()  # type: ignore[no-untyped-call]
            recent.append(loss.detach())
            read += len(pack.prefix) + sum(len(b) for b, _ in pack.branches)
        rate = (
            options.rate
            * min(1, step / WARM_UP)
            * (0.05 + 0.475 * (1 + math.cos(math.pi * min(1, done))))
        )
        for group in optimiser.param_groups:
            group["lr"] = rate
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        if step % 5 == 0:
            speed = read / (time.time() - started)
            mean = float(torch.stack(recent[-40:]).mean())
            print(f"step {step} loss {mean:.4f} {speed:.0f} tokens/s", flush=True)
        if step % SAVE_EVERY == 0 or done >= 1:
            print(f"  held out {held_out_loss(model, held):.4f}", flush=True)
            kept = {
                "step": step,
                "optimiser": optimiser.state_dict(),
                "parameters": [p.data for p in parameters],
            }
            with replaced(out) as unfinished:
                write_adapter(unfinished, wrapped)
            with replaced(state) as unfinished:
                torch.save(kept, unfinished)
        if done >= 1:
            break


def main() -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--passes", type=float, required=True)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--init", type=Path)
    parser.add_argument("--minutes", type=float, default=math.inf)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--device", default="cpu")
    chosen = parser.parse_args()
    torch.manual_seed(0)
    packs = load_packs(chosen.data / PACKS)
    model = load_base(chosen.data / BASE)
    wrapped = add_lora(model)
    model.to(chosen.device)
    if chosen.init:
        read_adapter(chosen.init, wrapped)
    train(model, wrapped, packs["learnt"], packs["held"], chosen)


if __name__ == "__main__":
    main()
