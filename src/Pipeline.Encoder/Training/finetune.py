"""Fine-tunes the sentence encoder on labelled articles (Cohan et al. 2019: one pass over a window of sentences, a role from the
state of the [SEP] behind each) and keeps the weights that exporting needs. CONTRIBUTING.md says how the files are made."""
import argparse
import hashlib
import json
import random
import struct
import time

import numpy as np
import onnx
import torch
from torch.nn import functional as F

import encoder as enc
from export import fingerprint

STACK_SHARE = 0.2


def open_encoder(path):
    """What an encoder's file holds: its graph, the weights and the bias of the layer behind it, the fingerprints of its training articles."""
    with open(path, "rb") as f:
        payload = f.read()[42:]
    at, parts = 0, []
    for _ in range(2):
        length = struct.unpack_from("<i", payload, at)[0]
        parts.append(payload[at + 4:at + 4 + length])
        at += 4 + length
    width, inputs = struct.unpack_from("<ii", payload, at)
    layer = np.frombuffer(payload, "<f4", width * inputs + width, at + 8).copy()
    at += 8 + layer.nbytes
    count = struct.unpack_from("<i", payload, at)[0]
    graph = onnx.load_model_from_string(parts[1]).graph
    return graph, layer[:-width].reshape(width, inputs), layer[-width:], set(struct.unpack_from(f"<{count}Q", payload, at + 4))


def split(articles, like):
    """A fifth of the sources is kept from the encoder, so that the classifier over its numbers learns from articles that are new to it."""
    seen = open_encoder(like)[3] if like else None
    for a in articles:
        if a["part"] == "train":
            drawn = int(hashlib.sha1(a["group"].encode()).hexdigest()[:8], 16) / 16 ** 8 < STACK_SHARE
            if a["print"] not in seen if seen else drawn:
                a["part"] = "stack"


def read(path, pieces, labels):
    articles = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            a = json.loads(line)
            keep = [i for i, r in enumerate(a["roles"]) if r in labels]
            a["gold"] = [labels.index(a["roles"][i]) for i in keep]
            a["soft"] = [a["probs"][i] for i in keep] if "probs" in a else [[float(l == g) for l in range(len(labels))] for g in a["gold"]]
            a["print"] = fingerprint(a["texts"])
            a["head"], a["rows"] = enc.read_article(
                pieces, a["title"], [(a["texts"][i], a["sections"][i], a["paragraphs"][i]) for i in keep])
            for unused in ("texts", "sections", "paragraphs"):
                del a[unused]
            if a["rows"]:
                articles.append(a)
    return articles


def item(pieces, article, start, end):
    ids, spans = enc.window_pieces(pieces, article["head"], article["rows"], start, end)
    return ids, spans, article, start, end


def collate(items):
    length = max(len(i[0]) for i in items)
    ids, attention = torch.zeros(len(items), length, dtype=torch.long), torch.zeros(len(items), length)
    starts, ends, position, gold, weight = [], [], [], [], []
    for b, (pieces, spans, article, start, end) in enumerate(items):
        ids[b, :len(pieces)], attention[b, :len(pieces)] = torch.tensor(pieces), 1
        for k, (first, sep) in zip(range(start, end), spans):
            starts.append(b * length + first)
            ends.append(b * length + sep)
            position.append(enc.position(k, len(article["rows"]), bool(article["head"])))
            gold.append(article["soft"][k])
            weight.append(article["weight"])
    return (ids, attention, torch.tensor(starts), torch.tensor(ends), torch.tensor(position)), torch.tensor(gold, dtype=torch.float), torch.tensor(weight, dtype=torch.float)


def batches(items, size, rnd):
    items = sorted(items, key=lambda i: len(i[0]) + rnd.random() * 16)
    groups = [items[i:i + size] for i in range(0, len(items), size)]
    rnd.shuffle(groups)
    return groups


def epoch(articles, pieces, rnd):
    """Windows that begin at other sentences each time; articles of little weight are left out of some epochs instead of counting less."""
    items = []
    for a in articles:
        if rnd.random() >= a["chance"]:
            continue
        first = rnd.randint(2, 9) if len(a["rows"]) > 8 else 0
        head = a["head"] if rnd.random() < 0.9 else []
        items += [item(pieces, a, s, e) for s, e in enc.windows(head, a["rows"], overlap=1, first=first)]
    return items


def prepare(articles):
    for x in articles:
        x["chance"], x["weight"] = min(1, x["weight"]), max(1, x["weight"])
    return [x for x in articles if x["part"] == "train"]


@torch.no_grad()
def predict(model, articles, pieces, labels, vectors=False):
    model.eval()
    width = model.hidden.out_features if vectors else len(labels)
    answers = [np.zeros((len(a["rows"]), width), dtype=np.float32) for a in articles]
    best = [np.full(len(a["rows"]), -1.0) for a in articles]
    todo = [(item(pieces, a, s, e), n) for n, a in enumerate(articles) for s, e in enc.windows(a["head"], a["rows"])]
    todo.sort(key=lambda t: len(t[0][0]))
    for i in range(0, len(todo), 16):
        part = todo[i:i + 16]
        inputs, _, _ = collate([t[0] for t in part])
        out = model.vectors(*inputs) if vectors else torch.log_softmax(model(*inputs), -1)
        row = 0
        for (_, _, article, start, end), n in part:
            for k in range(start, end):
                left = 99 if start == 0 else k - start
                right = 99 if end == len(article["rows"]) else end - 1 - k
                inside = min(left, right) + 0.01 * max(left, right)
                if inside > best[n][k]:
                    best[n][k], answers[n][k] = inside, out[row].numpy()
                row += 1
    model.train()
    return answers


def figures(articles, answers, count):
    gold = np.concatenate([a["gold"] for a in articles])
    told = np.concatenate([x.argmax(1) for x in answers])
    f1 = [2 * ((gold == l) & (told == l)).sum() / max(1, (gold == l).sum() + (told == l).sum()) for l in range(count)]
    return f"macro {100 * np.mean(f1):.1f} micro {100 * (gold == told).mean():.1f} " + " ".join(f"{100 * x:.1f}" for x in f1)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("articles", nargs="+", help="what train roles --export wrote")
    p.add_argument("--onnx", required=True)
    p.add_argument("--vocabulary", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--layers", type=int, default=6)
    p.add_argument("--epochs", type=float, default=3)
    p.add_argument("--rate", type=float, default=1e-4)
    p.add_argument("--batch", type=int, default=8)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--minutes", type=float, default=1e9, help="ends earlier, with the learning rate brought down in time")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--split-like", help="train on the articles that this encoder was trained on, and no others")
    p.add_argument("--from", dest="begin", help="start from this encoder's file instead of from MiniLM")
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    rnd = random.Random(a.seed)
    pieces = enc.WordPieces(a.vocabulary)
    with open(a.articles[0], encoding="utf-8") as first:
        labels = json.loads(first.readline())["labels"]
    articles = [x for path in a.articles for x in read(path, pieces, labels)]
    split(articles, a.split_like)
    train = prepare(articles)
    tests = {}
    for x in articles:
        if x["part"] != "train":
            tests.setdefault(f'{x["kind"]} {x["part"]}', []).append(x)
    if a.begin:
        graph, weight, bias, _ = open_encoder(a.begin)
        model = enc.Reader(enc.Encoder.load(graph, a.layers), len(labels))
        model.hidden.weight.data.copy_(torch.from_numpy(weight))
        model.hidden.bias.data.copy_(torch.from_numpy(bias))
    else:
        model = enc.Reader(enc.Encoder.load(onnx.load(a.onnx).graph, a.layers), len(labels))
    model.encoder.words.weight.requires_grad_(False)
    head = list(model.hidden.parameters()) + list(model.roles.parameters())
    body = [w for w in model.encoder.parameters() if w.requires_grad]
    optimizer = torch.optim.AdamW([{"params": body, "base": a.rate}, {"params": head, "base": 5 * a.rate}], weight_decay=0.01)
    expected = sum(x["chance"] * sum(len(m) + len(w) + 1 for m, w in x["rows"]) for x in train)
    total, seen, start, losses, step = expected * a.epochs, 0, time.time(), [], 0
    print(f"{len(train)} articles, {sum(len(x['rows']) for x in train)} sentences, {expected:.0f} pieces an epoch", flush=True)
    done = False
    while not done:
        for group in batches(epoch(train, pieces, rnd), a.batch, rnd):
            progress = max(seen / total, (time.time() - start) / 60 / a.minutes)
            if progress >= 1:
                done = True
                break
            for g in optimizer.param_groups:
                g["lr"] = g["base"] * min(1, (step + 1) / 100) * (1 - progress)
            inputs, gold, weight = collate(group)
            loss = (F.cross_entropy(model(*inputs), gold, reduction="none", label_smoothing=0.05) * weight).sum() / weight.sum()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(body + head, 1.0)
            optimizer.step()
            losses.append(loss.item())
            # Overlap and titles are no part of what is expected, so that epochs are counted by sentences.
            seen += sum(sep + 1 - first for _, spans, *_ in group for first, sep in spans)
            step += 1
            if step % 100 == 0:
                print(f"step {step} {100 * progress:.1f}% loss {np.mean(losses[-100:]):.4f} {seen / (time.time() - start):.0f} pieces/s", flush=True)
            if step % 1000 == 0:
                torch.save({k: v.half() for k, v in model.state_dict().items() if "encoder.words" not in k}, a.out)
                for name, some in tests.items():
                    if "test" in name:
                        print(step, name, figures(some, predict(model, some, pieces, labels), len(labels)), flush=True)
    torch.save({"prints": [x["print"] for x in train]} | {k: v.half() for k, v in model.state_dict().items() if "encoder.words" not in k}, a.out)
    for name, some in tests.items():
        answers = predict(model, some, pieces, labels)
        print("final", name, len(some), "articles", figures(some, answers, len(labels)), flush=True)
        with open(f"{a.out}.{name.replace(' ', '-')}.jsonl", "w", encoding="utf-8") as f:
            for x, y in zip(some, answers):
                f.write(json.dumps({"id": x["id"], "gold": x["gold"], "logs": y.tolist()}) + "\n")


if __name__ == "__main__":
    main()
