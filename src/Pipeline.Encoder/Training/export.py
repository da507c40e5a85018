"""Writes a fine-tuned encoder as the file that `pipeline extract --accurate` reads: vocabulary, int8 ONNX graph, the layer behind it,
fingerprints of the training articles. The matrices are quantised by column, their inputs while running (ONNX MatMulInteger)."""
import argparse
import hashlib
import json
import re
import struct

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper


def retrained(graph, state):
    """The graph's own tensors with the fine-tuned weights in their place."""
    layers = 1 + max(int(k.split(".")[2]) for k in state if k.startswith("encoder.layers."))
    named = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    matrices = [i for n in graph.node if n.op_type == "MatMul" for i in n.input if i in named]
    new = {"embeddings.position_embeddings.weight": state["encoder.positions.weight"],
           "embeddings.LayerNorm.weight": state["encoder.norm.weight"], "embeddings.LayerNorm.bias": state["encoder.norm.bias"]}
    segments = named["embeddings.token_type_embeddings.weight"].copy()
    segments[0] = state["encoder.segment"]
    new["embeddings.token_type_embeddings.weight"] = segments
    for i in range(layers):
        mine, theirs = f"encoder.layers.{i}.", f"encoder.layer.{i}."
        q, k, v, out, inner, outer = matrices[6 * i:6 * i + 6]
        size = state[mine + "out.bias"].shape[0]
        for n, (name, part) in enumerate(((q, "query"), (k, "key"), (v, "value"))):
            new[name] = state[mine + "qkv.weight"][n * size:(n + 1) * size].T
            new[f"{theirs}attention.self.{part}.bias"] = state[mine + "qkv.bias"][n * size:(n + 1) * size]
        for name, part in ((out, "out"), (inner, "inner"), (outer, "outer")):
            new[name] = state[mine + part + ".weight"].T
        for name, part in (("attention.output.dense.bias", "out.bias"), ("attention.output.LayerNorm.weight", "norm1.weight"),
                           ("attention.output.LayerNorm.bias", "norm1.bias"), ("intermediate.dense.bias", "inner.bias"),
                           ("output.dense.bias", "outer.bias"), ("output.LayerNorm.weight", "norm2.weight"), ("output.LayerNorm.bias", "norm2.bias")):
            new[theirs + name] = state[mine + part]
    for name, value in new.items():
        assert named[name].shape == value.shape, name
        named[name] = np.ascontiguousarray(value, dtype=np.float32)
    return named, layers


def cut(graph, layers, all_layers=6):
    """The nodes that the last kept layer's output needs."""
    if layers < all_layers:
        norms = [n for n in graph.node if n.op_type == "Add" and any(re.fullmatch(rf"encoder\.layer\.{layers - 1}\.output\.LayerNorm\.bias", i) for i in n.input)]
        last = norms[0].output[0]
    else:
        last = "last_hidden_state"
    needed, nodes = {last}, []
    for node in reversed(list(graph.node)):
        if needed & set(node.output):
            nodes.append(node)
            needed |= set(node.input)
    nodes.reverse()
    for node in nodes:
        for i, name in enumerate(node.output):
            if name == last:
                node.output[i] = "last_hidden_state"
        for i, name in enumerate(node.input):
            if name == last:
                node.input[i] = "last_hidden_state"
    return nodes


def quantised(nodes, named):
    result, tensors, inputs = [], {}, set()
    for node in nodes:
        if node.op_type == "MatMul" and node.input[1] in named:
            weight = named[node.input[1]]
            scale = np.maximum(np.abs(weight).max(0), 1e-8).astype(np.float32) / 127
            name, x = "q" + re.sub(r"\W", "_", node.output[0]), node.input[0]
            if x not in inputs:
                inputs.add(x)
                result.append(helper.make_node("DynamicQuantizeLinear", [x], [x + "_q", x + "_s", x + "_z"]))
            tensors |= {name + "_w": np.clip(np.round(weight / scale), -127, 127).astype(np.int8), name + "_ws": scale, name + "_wz": np.int8(0)}
            result += [helper.make_node("MatMulInteger", [x + "_q", name + "_w", x + "_z", name + "_wz"], [name + "_i"]),
                       helper.make_node("Cast", [name + "_i"], [name + "_f"], to=onnx.TensorProto.FLOAT),
                       helper.make_node("Mul", [x + "_s", name + "_ws"], [name + "_ss"]),
                       helper.make_node("Mul", [name + "_f", name + "_ss"], [node.output[0]])]
        elif node.op_type == "Gather" and node.input[0] == "embeddings.word_embeddings.weight":
            words = named[node.input[0]]
            scale = np.maximum(np.abs(words).max(1, keepdims=True), 1e-8).astype(np.float32) / 127
            tensors |= {"words_q": np.round(words / scale).astype(np.int8), "words_s": scale}
            result += [helper.make_node("Gather", ["words_q", node.input[1]], ["words_g"], axis=0),
                       helper.make_node("Gather", ["words_s", node.input[1]], ["words_gs"], axis=0),
                       helper.make_node("Cast", ["words_g"], ["words_f"], to=onnx.TensorProto.FLOAT),
                       helper.make_node("Mul", ["words_f", "words_gs"], [node.output[0]])]
        else:
            result.append(node)
            tensors |= {i: named[i] for i in node.input if i in named}
    return result, tensors


def fingerprint(texts):
    """As LabelledArticle.Fingerprint: FNV-1a over the UTF-16 code units that are no white space."""
    value = 14695981039346656037
    for text in texts:
        units = text.encode("utf-16-le")
        for i in range(0, len(units), 2):
            unit = units[i] | units[i + 1] << 8
            if not chr(unit).isspace() or 0x1C <= unit <= 0x1F:
                value = ((value ^ unit) * 1099511628211) & 0xFFFFFFFFFFFFFFFF
    return value


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("weights")
    p.add_argument("--onnx", required=True)
    p.add_argument("--vocabulary", required=True)
    p.add_argument("--out", required=True)
    a = p.parse_args()
    state = torch.load(a.weights)
    seen = set(state.pop("prints"))
    state = {k: v.float().numpy() for k, v in state.items()}
    model = onnx.load(a.onnx)
    graph = model.graph
    named, layers = retrained(graph, state)
    nodes, tensors = quantised(cut(graph, layers), named)
    output = [o for o in graph.output if o.name == "last_hidden_state"]
    made = helper.make_graph(nodes, "encoder", list(graph.input), output, [numpy_helper.from_array(np.asarray(v), k) for k, v in tensors.items()])
    whole = helper.make_model(made, opset_imports=[helper.make_opsetid("", 13)], ir_version=7, producer_name="pipeline")
    onnx.checker.check_model(whole)
    with open(a.vocabulary, encoding="utf-8") as f:
        vocabulary = f.read().rstrip("\n").replace("\r", "").encode()
    graph_bytes = whole.SerializeToString()
    hidden, bias = state["hidden.weight"].astype("<f4"), state["hidden.bias"].astype("<f4")
    payload = b"".join([struct.pack("<i", len(vocabulary)), vocabulary, struct.pack("<i", len(graph_bytes)), graph_bytes,
                        struct.pack("<ii", *hidden.shape), hidden.tobytes(), bias.tobytes(),
                        struct.pack("<i", len(seen)), b"".join(struct.pack("<Q", s) for s in sorted(seen))])
    with open(a.out, "wb") as f:
        f.write(b"PIPEENCO" + struct.pack("<H", 1) + hashlib.sha256(payload).digest() + payload)
    print(a.out, len(payload), "bytes,", layers, "layers,", len(seen), "articles seen")


if __name__ == "__main__":
    main()
