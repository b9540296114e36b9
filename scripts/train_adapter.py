"""Train the LoRA adapter of the language model on the project's own questions, on a CPU.

    python scripts/train_adapter.py --passes 2 --state STATE --out models/adapter.gguf
        [--init adapter.gguf]

An example is shaped as the product shapes it: the quotes that answer the question, chosen by the
product's own stages among look-alikes, then the question, then a short answer with marks. Many
examples share one forward pass: each attends to the common beginning and to itself only (tree
attention; Cai et al. 2024, arXiv:2401.10774), which spares the common part and all padding.
LoRA (Hu et al. 2021, arXiv:2106.09685) sits on all linear layers of the dequantised base, so it
also learns around the rounding to four bits. Interrupted training goes on from STATE.
"""

import argparse
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from adapter_examples import Text, texts
from waymark import models

RANK = 32
RATE = 4e-4
WARM_UP = 20  # steps
ACCUMULATE = 4  # packs a step
PACK_TOKENS = 2_000
HELD = 6  # packs
SAVE_EVERY = 20  # steps

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


def pack_texts(chosen: Sequence[Text], rng: random.Random) -> list[Pack]:
    """Tokenise as the product does and fill packs, texts of one beginning together."""
    from llama_cpp import Llama

    tokenizer: Any = Llama(str(models.base_weights().path), vocab_only=True, verbose=False)

    def tokens(text: str, special: bool) -> list[int]:
        return list(tokenizer.tokenize(text.encode(), add_bos=False, special=special))

    packs: list[Pack] = []
    for system in dict.fromkeys(text.system for text in chosen):
        prefix = [
            *tokens("<|im_start|>system\n", True),
            *tokens(system, False),
            *tokens("<|im_end|>\n<|im_start|>user\n", True),
        ]
        branches: list[tuple[list[int], int]] = []
        for text in rng.sample(own := [t for t in chosen if t.system == system], len(own)):
            asked = [
                *tokens(text.user, False),
                *tokens("<|im_end|>\n<|im_start|>assistant\n", True),
            ]
            branch = [*asked, *tokens(text.reply, False), *tokens("<|im_end|>", True)]
            if branches and sum(len(b) for b, _ in branches) + len(branch) > PACK_TOKENS:
                packs.append(Pack(prefix, branches))
                branches = []
            branches.append((branch, len(asked)))
        packs.append(Pack(prefix, branches))
    rng.shuffle(packs)
    return packs


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
        lora.a.data = torch.from_numpy(stored[f"{name}.lora_a"])
        lora.b.data = torch.from_numpy(np.ascontiguousarray(unpermuted(b, heads) if heads else b))


def write_adapter(path: Path, wrapped: dict[str, tuple[Lora, int]]) -> None:
    """Write the adapter as llama.cpp reads it, in float16."""
    import gguf

    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(RANK))
    for name, (lora, heads) in wrapped.items():
        b = lora.b.detach().numpy()
        b = permuted(b, heads) if heads else b
        writer.add_tensor(f"{name}.lora_a", lora.a.detach().numpy().astype(np.float16))
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
    own = torch.tensor(owner)
    seen = (own[:, None] == own[None]) | (own[None] == 0)
    mask = seen & torch.ones(len(ids), len(ids), dtype=torch.bool).tril()
    hidden = model.model(
        input_ids=torch.tensor(ids)[None],
        attention_mask=mask[None, None],
        position_ids=torch.tensor(positions)[None],
        use_cache=False,
    ).last_hidden_state[0]
    wanted = torch.tensor(targets)
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
        for pack in chosen:
            loss, _ = pack_loss(model, pack)
            (loss / ACCUMULATE).backward()  # type: ignore[no-untyped-call]
            recent.append(float(loss.detach()))
            read += len(pack.prefix) + sum(len(b) for b, _ in pack.branches)
        rate = (
            options.rate
            * min(1, step / WARM_UP)
            * (0.05 + 0.475 * (1 + math.cos(math.pi * step / steps)))
        )
        for group in optimiser.param_groups:
            group["lr"] = rate
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        if step % 5 == 0:
            speed = read / (time.time() - started)
            print(f"step {step} loss {np.mean(recent[-40:]):.4f} {speed:.0f} tokens/s", flush=True)
        if step % SAVE_EVERY == 0 or step == steps:
            print(f"  held out {held_out_loss(model, held):.4f}", flush=True)
            write_adapter(out, wrapped)
            torch.save(
                {
                    "step": step,
                    "optimiser": optimiser.state_dict(),
                    "parameters": [p.data for p in parameters],
                },
                state,
            )


def main() -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passes", type=float, required=True)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--init", type=Path)
    parser.add_argument("--rate", type=float, default=RATE)
    chosen = parser.parse_args()
    torch.manual_seed(0)
    rng = random.Random(0)
    material = list(texts(rng))
    packs = pack_texts([t for t in material if not t.held_out], rng)
    held = pack_texts([t for t in material if t.held_out], rng)[:HELD]
    model = load_base(models.base_weights().path)
    wrapped = add_lora(model)
    if chosen.init:
        read_adapter(chosen.init, wrapped)
    train(model, wrapped, packs, held, chosen)


if __name__ == "__main__":
    main()
