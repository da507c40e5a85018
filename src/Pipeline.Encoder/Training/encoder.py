"""The sentence encoder: MiniLM's weights out of an ONNX file, its word pieces, and windows of an article's sentences."""
import math
import unicodedata

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional as F

MAX_TOKENS = 256
MAX_SENTENCE = 72
POSITION_FEATURES = 8
OVERLAP = 3


class WordPieces:
    """BERT's uncased word pieces (Devlin et al. 2019), with the vocabulary of a file, one piece a line."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as lines:
            self.ids = {line.rstrip("\n"): i for i, line in enumerate(lines)}
        self.cls, self.sep, self.unknown = self.ids["[CLS]"], self.ids["[SEP]"], self.ids["[UNK]"]
        self.paragraph, self.heading, self.title = (self.ids[f"[unused{i}]"] for i in (1, 2, 3))
        self.known = {}

    def __call__(self, text):
        return [piece for word in self._words(text) for piece in self._pieces(word)]

    @staticmethod
    def _words(text):
        words, word = [], []

        def close():
            if word:
                words.append("".join(word))
                word.clear()

        for c in unicodedata.normalize("NFD", text.lower()):
            category = unicodedata.category(c)
            if category == "Mn":
                continue
            if c.isspace():
                close()
            elif category[0] == "C":
                continue
            elif category[0] == "P" or c in "$+<=>^`|~" or 0x4E00 <= ord(c) <= 0x9FFF:
                close()
                words.append(c)
            else:
                word.append(c)
        close()
        return words

    def _pieces(self, word):
        found = self.known.get(word)
        if found is not None:
            return found
        found, start = [], 0
        while start < len(word) and len(word) <= 100:
            end = len(word)
            while end > start and (("##" if start else "") + word[start:end]) not in self.ids:
                end -= 1
            if end == start:
                break
            found.append(self.ids[("##" if start else "") + word[start:end]])
            start = end
        if start < len(word):
            found = [self.unknown]
        self.known[word] = found
        return found


class Layer(nn.Module):
    def __init__(self, size=384, heads=12, inner=1536, dropout=0.1):
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.qkv, self.out = nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.inner, self.outer = nn.Linear(size, inner), nn.Linear(inner, size)
        self.norm1, self.norm2 = nn.LayerNorm(size, eps=1e-12), nn.LayerNorm(size, eps=1e-12)

    def forward(self, x, mask):
        batch, length, size = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, size // self.heads).permute(2, 0, 3, 1, 4)
        attention = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(size // self.heads) + mask, -1)
        mixed = (attention @ v).transpose(1, 2).reshape(batch, length, size)
        x = self.norm1(x + F.dropout(self.out(mixed), self.dropout, self.training))
        return self.norm2(x + F.dropout(self.outer(F.gelu(self.inner(x))), self.dropout, self.training))


class Encoder(nn.Module):
    def __init__(self, layers, size=384, words=30522, positions=512):
        super().__init__()
        self.words, self.positions = nn.Embedding(words, size), nn.Embedding(positions, size)
        self.segment, self.norm = nn.Parameter(torch.zeros(size)), nn.LayerNorm(size, eps=1e-12)
        self.layers = nn.ModuleList(Layer(size) for _ in range(layers))

    def forward(self, ids, attention):
        x = self.words(ids) + self.positions(torch.arange(ids.shape[1]))[None] + self.segment
        x = F.dropout(self.norm(x), 0.1, self.training)
        mask = ((1.0 - attention) * -10000.0)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask)
        return x

    @staticmethod
    def load(graph, layers=6):
        """The weights of all-MiniLM-L6-v2 as its ONNX graph holds them (the matrices stand in order of use, transposed), or as export.py's does."""
        named = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()).float() for t in graph.initializer}
        matrices = [named[i].T for node in graph.node if node.op_type == "MatMul" for i in node.input if i in named]
        if "words_q" in named:
            named["embeddings.word_embeddings.weight"] = named["words_q"] * named["words_s"]
            matrices = [(named[n.input[1]] * named[n.input[1] + "s"]).T for n in graph.node if n.op_type == "MatMulInteger"]
        encoder = Encoder(layers)

        def take(module, weight, bias):
            module.weight.data.copy_(weight)
            module.bias.data.copy_(bias)

        encoder.words.weight.data.copy_(named["embeddings.word_embeddings.weight"])
        encoder.positions.weight.data.copy_(named["embeddings.position_embeddings.weight"])
        encoder.segment.data.copy_(named["embeddings.token_type_embeddings.weight"][0])
        take(encoder.norm, named["embeddings.LayerNorm.weight"], named["embeddings.LayerNorm.bias"])
        for i, layer in enumerate(encoder.layers):
            name = f"encoder.layer.{i}."
            q, k, v, out, inner, outer = matrices[6 * i:6 * i + 6]
            biases = [named[f"{name}attention.self.{part}.bias"] for part in ("query", "key", "value")]
            take(layer.qkv, torch.cat([q, k, v]), torch.cat(biases))
            take(layer.out, out, named[name + "attention.output.dense.bias"])
            take(layer.norm1, named[name + "attention.output.LayerNorm.weight"], named[name + "attention.output.LayerNorm.bias"])
            take(layer.inner, inner, named[name + "intermediate.dense.bias"])
            take(layer.outer, outer, named[name + "output.dense.bias"])
            take(layer.norm2, named[name + "output.LayerNorm.weight"], named[name + "output.LayerNorm.bias"])
        return encoder


class Reader(nn.Module):
    """Roles of the sentences of a window, from the state of the [SEP] behind each and the mean of its pieces."""

    def __init__(self, encoder, labels, size=384, hidden=256):
        super().__init__()
        self.encoder = encoder
        self.hidden, self.roles = nn.Linear(2 * size + POSITION_FEATURES, hidden), nn.Linear(hidden, labels)
        nn.init.normal_(self.hidden.weight, std=0.02)
        nn.init.zeros_(self.roles.weight)
        nn.init.zeros_(self.roles.bias)

    def vectors(self, ids, attention, starts, ends, position):
        """The numbers of each sentence: `starts` and `ends` count in the flattened batch; the [SEP] stands at the end."""
        states = self.encoder(ids, attention)
        flat = states.reshape(-1, states.shape[-1])
        sums = torch.cat([torch.zeros(1, flat.shape[1]), flat.cumsum(0)])
        mean = (sums[ends] - sums[starts]) / (ends - starts).clamp(min=1)[:, None]
        x = F.dropout(torch.cat([flat[ends], mean, position], 1), 0.1, self.training)
        return torch.tanh(self.hidden(x))

    def forward(self, *batch):
        return self.roles(F.dropout(self.vectors(*batch), 0.1, self.training))


def read_article(pieces, title, sentences):
    """The title's pieces, and for each (text, section, paragraph) the marks before it and its pieces."""
    head = [pieces.title] + pieces(title)[:24] if title else []
    rows, last_section, last_paragraph = [], None, None
    for text, section, paragraph in sentences:
        marks = []
        if section and section != last_section:
            marks = [pieces.heading] + pieces(section)[:20]
        elif paragraph and paragraph != last_paragraph:
            marks = [pieces.paragraph]
        last_section, last_paragraph = section, paragraph
        words = pieces(text)
        if len(words) > MAX_SENTENCE:
            words = words[:MAX_SENTENCE - 12] + words[-12:]
        rows.append((marks, words))
    return head, rows


def windows(head, rows, overlap=OVERLAP, first=0):
    """Runs of sentences that fit into a window; each begins `overlap` sentences before the last one ended."""
    room, start = MAX_TOKENS - 1 - len(head), 0
    while start < len(rows):
        end, used = start, 0
        while end < len(rows) and not (first and start == 0 and end >= first):
            need = len(rows[end][0]) + len(rows[end][1]) + 1
            if end > start and used + need > room:
                break
            used += need
            end += 1
        yield start, end
        if end >= len(rows):
            return
        start = max(start + 1, end - overlap)


def window_pieces(pieces, head, rows, start, end):
    ids, spans = [pieces.cls] + head, []
    for marks, words in rows[start:end]:
        ids += marks
        spans.append((len(ids), len(ids) + len(words)))
        ids += words + [pieces.sep]
    return ids, spans


def position(index, count, titled):
    left, right = min(index, 20) / 20, min(count - 1 - index, 20) / 20
    return [0.0, float(index == 0), float(index == count - 1), min(count, 60) / 60, float(index < 3), left, right, float(not titled)]
