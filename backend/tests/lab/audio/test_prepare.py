"""Preparing speech: nothing of the held-out fold is learnt, finished parts stay as they are."""

from collections import Counter

from assay_lab.audio.cqcc.dataset import Cepstra
from assay_lab.audio.prepare import at_most, command
from assay_lab.data.speech import Store, StoreWriter, Utterance, half
from assay_lab.forge.vocoders.train import command as train_vocoders
from tests.lab.voice import voice


def utterance(key, fold, fake=False, **more):
    return Utterance(key, fake, "g" if fake else "", "", f"{key}", "site", fold, "speech", **more)


def store(folder, rows):
    writer = StoreWriter(folder)
    for row in rows:
        writer.add(row, voice(0.7))
    writer.close()


def test_a_held_out_fold_is_judged_and_not_learnt(tmp_path):
    stores = tmp_path / "stores"
    real = [utterance(f"r{n}", fold=n % 2) for n in range(8)]
    store(stores / "speech", [*real, utterance("f1", 1, fake=True)])
    forged = [utterance(f"of {row.key}", row.fold, fake=True, origin=row.key) for row in real]
    store(stores / "forged-signal", forged)
    store(stores / "forged-tts", [utterance("tts", -1, fake=True)])
    command(tmp_path, tmp_path, fold=0, copies=2)
    learnt = Counter(part.key for part in Cepstra(tmp_path / "views" / "speech").sequences)
    assert learnt == {"r1": 2, "r3": 2, "r5": 2, "r7": 2, "f1": 2}
    twins = Counter(part.key for part in Cepstra(tmp_path / "views" / "forged-signal").sequences)
    assert twins == {"of r1": 1, "of r3": 1, "of r5": 1, "of r7": 1}
    judged = {part.key for part in Cepstra(tmp_path / "whole").sequences}
    rows = Store(stores / "speech").rows
    assert judged == {row.key for row in rows if row.fold == 0 and half(row) == "val"}


def test_no_source_may_dominate():
    rows = [utterance(str(n), 1) for n in range(30)] + [utterance("fake", 1, fake=True)]
    kept = at_most(rows, 10)
    assert Counter(row.fake for row in kept) == {False: 10, True: 1}
    assert {row.key for row in kept} == {row.key for row in at_most(rows[::-1], 10)}


def test_vocoders_forge_beside_the_other_methods(tmp_path):
    stores = tmp_path / "stores"
    store(stores / "speech", [utterance("r1", fold=1), utterance("r0", fold=0)])
    for name in ("forged-signal", "forged-tts"):
        store(stores / name, [utterance(name, -1, fake=True)])
    train_vocoders(stores, tmp_path / "vocoders", fold=0, only=["mel-shuffle"], steps=1)
    command(tmp_path, tmp_path, fold=0, copies=2, vocoders=tmp_path / "vocoders")
    forged = {row.origin: row for row in Store(stores / "forged-neural").rows}
    assert forged["r1"].generator == "forged neural mel-shuffle"
    assert forged["r1"].taught == "123"
    views = Cepstra(tmp_path / "views" / "forged-neural").sequences
    assert [part.key for part in views] == [forged["r1"].key]
