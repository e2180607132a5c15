"""Trains what tells which sign a glyph of a typed line is: `python -m benchmarks.reader.train_glyphs --shards DIR
--minutes N --out glyphs.onnx`.

The pages are those of `benchmarks/reader/glyphs.py`. `--held DIR` judges it on pages in fonts that it never saw: of the
look-alikes how many it takes for what they are not, and how many it tells, by how sure it is asked to be.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.reader.glyphs import Page, read_shard
from benchmarks.reader.network import Residual, convolution
from benchmarks.reader.training import SHARD, arguments_of, begun, train, write_onnx
from pipeline.glyphs.kinds import NONE, SHOWN, SIGNS, TAKEN_FOR, odds_of, shares_of
from pipeline.glyphs.placed import TAKEN

SEEN, DECIDING = 96, 96
# Windows are shifted by so many pixels at most, darker or paler by so much.
SHIFT, DARKER = 2, 0.15
# Letters that are shown are left out at random, whole kinds of them and single ones.
WITHOUT_KIND, WITHOUT_LETTER = 0.15, 0.2
BOUNDS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0)
LOOK_ALIKES = frozenset("o0l1i")


class Glyphs(nn.Module):
    """Windows of glyphs (n x 1 x 48 x 40), and of letters, with each one's share of its kind's mean, to what they are.

    A glyph's picture is held against the mean picture of each kind of letter that the page shows.
    """

    def __init__(self) -> None:
        super().__init__()
        self.image = nn.Sequential(
            convolution(1, 16, 5, 2),
            convolution(16, 32, 3, 2),
            Residual(32),
            convolution(32, 64, 3, 2),
            Residual(64),
            nn.Flatten(),
            nn.Linear(64 * 6 * 5, SEEN),
        )
        self.drop = nn.Dropout(0.15)
        self.alike = nn.Linear(SEEN, SEEN, bias=False)
        self.decide = nn.Sequential(
            nn.Linear(SEEN + 2 * len(SHOWN), DECIDING), nn.SiLU(), nn.Dropout(0.1), nn.Linear(DECIDING, len(SIGNS))
        )

    def seen(self, windows: Tensor) -> tuple[Tensor, Tensor]:
        """What is seen of windows, and of it what letters are compared by, of length 1."""
        found = self.drop(self.image(windows))
        return found, nn.functional.normalize(self.alike(found), dim=-1)

    def logits(self, found: Tensor, by: Tensor, letters: Tensor, shares: Tensor) -> Tensor:
        """Log odds of SIGNS. found, by: of glyphs, pages x glyphs x SEEN; letters: pages x letters x SEEN; shares:
        pages x SHOWN x letters."""
        kinds = shares @ letters
        shown = (shares.sum(dim=-1) > 0).float().unsqueeze(1)
        alike = (by @ kinds.transpose(1, 2)) * 4.0 * shown
        return self.decide(torch.cat((found, alike, shown.expand_as(alike)), dim=-1))

    def forward(self, glyphs: Tensor, letters: Tensor, shares: Tensor) -> Tensor:
        found, by = self.seen(glyphs)
        _, known = self.seen(letters)
        return torch.softmax(self.logits(found[None], by[None], known[None], shares[None])[0], dim=-1)


def batch_of(pages: Sequence[Page], rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Glyphs (pages x most glyphs x 1 x TAKEN), what they are (-1 for none), letters likewise, and their shares."""
    most = max(len(page.signs) for page in pages)
    glyphs = np.zeros((len(pages), most, 1, *TAKEN), np.float32)
    signs = np.full((len(pages), most), -1, np.int64)
    known = max(len(page.kinds) for page in pages)
    letters = np.zeros((len(pages), known, 1, *TAKEN), np.float32)
    shares = np.zeros((len(pages), len(SHOWN), known), np.float32)
    for rank, page in enumerate(pages):
        dark = float(rng.uniform(1 - DARKER, 1 + DARKER / 2)) / 255
        for place, window in enumerate(page.glyphs):
            glyphs[rank, place, 0] = np.clip(_shifted(window, rng) * dark, 0, 1)
        signs[rank, : len(page.signs)] = page.signs
        left_out = rng.random(len(SHOWN)) < WITHOUT_KIND
        kept = [NONE] * len(page.kinds)
        for place, (window, kind) in enumerate(zip(page.letters, page.kinds, strict=True)):
            if kind == NONE or left_out[kind] or rng.random() < WITHOUT_LETTER:
                continue
            letters[rank, place, 0] = np.clip(_shifted(window, rng) * dark, 0, 1)
            kept[place] = kind
        shares[rank, :, : len(kept)] = shares_of(kept)
    return torch.from_numpy(glyphs), torch.from_numpy(signs), torch.from_numpy(letters), torch.from_numpy(shares)


def _shifted(window: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    across, down = (int(rng.integers(-SHIFT, SHIFT + 1)) for _ in range(2))
    return np.roll(window.astype(np.float32), (down * 2, across), (0, 1))


def loss_of(model: Glyphs, pages: Sequence[Page], rng: np.random.Generator) -> Tensor:
    glyphs, signs, letters, shares = batch_of(pages, rng)
    count, most, known = len(pages), glyphs.shape[1], letters.shape[1]
    found, by = model.seen(torch.cat((glyphs.flatten(0, 1), letters.flatten(0, 1))))
    asked = count * most
    logits = model.logits(
        found[:asked].view(count, most, -1),
        by[:asked].view(count, most, -1),
        by[asked:].view(count, known, -1),
        shares,
    )
    return nn.functional.cross_entropy(logits.flatten(0, 1), signs.flatten(), ignore_index=-1, label_smoothing=0.002)


def judge(model: Glyphs, held: Path) -> dict[str, dict[str, int]]:
    """For each quality and look-alike: how many there are, and by bound of how many another of its group is told, and
    of how many itself."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    model.eval()
    for path in sorted(held.glob(SHARD)):
        for page in read_shard(path):
            for sign, chances in zip(page.signs, _said(model, page), strict=True):
                own = SIGNS[sign].lower()
                if own not in LOOK_ALIKES:
                    continue
                odds, group = odds_of(chances, own, TAKEN_FOR[own]), counts[f"{page.quality} {SIGNS[sign]}"]
                group["n"] += 1
                for bound in BOUNDS:
                    group[f"wrong {bound}"] += odds <= -bound
                    group[f"told {bound}"] += odds >= bound
    return counts


def _said(model: Glyphs, page: Page) -> np.ndarray:
    """What the model makes of a page's glyphs: glyphs x SIGNS."""
    shown = (torch.from_numpy(each[:, None].astype(np.float32) / 255) for each in (page.glyphs, page.letters))
    with torch.no_grad():
        return model(*shown, torch.from_numpy(shares_of(page.kinds))).numpy()


def export(model: Glyphs, out: Path, seed: int) -> None:
    given = torch.zeros(3, 1, *TAKEN), torch.zeros(2, 1, *TAKEN), torch.zeros(len(SHOWN), 2)
    any_size = {"glyphs": {0: "glyphs"}, "letters": {0: "letters"}, "shares": {1: "letters"}}
    write_onnx(model, given, out, ("glyphs", "letters", "shares"), "signs", any_size, seed)


def main() -> int:
    given = arguments_of(__doc__, goes_on=True).parse_args()
    model = begun(Glyphs, given.seed, given.start)

    def loss(pages: Sequence[Page], rng: np.random.Generator) -> Tensor:
        return loss_of(model, pages, rng)

    train(model, given.shards, read_shard, loss, given.minutes, given.seed)
    torch.save(model.state_dict(), given.out.with_suffix(".pt"))
    export(model, given.out, given.seed)
    if given.held:
        for group, counts in sorted(judge(model, given.held).items()):
            print(group, json.dumps(counts))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
