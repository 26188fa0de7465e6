"""The full set: files that a recipe names by git blob id, read out of copies of their repositories.

A recipe is a CSV (.csv or .csv.gz) with the columns modality, label, generator, group, source_repo,
git_blob, ext, license and notes, and where they are known method, audio and crop (the cell of a
figure or comparison that the row means: "x y w h" in pixels). Copies are git repositories, bare or
not, below one folder, found as OWNER+NAME/repo, OWNER+NAME or OWNER/NAME. Their history is needed:
files that were deleted since are still in it, and a blob id finds them.
"""

import csv
import gzip
import io
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from assay_lab.data.cut import ENDING, cut, parse_cell
from assay_lab.data.rows import Row
from assay_lab.data.split import bucket

Line = dict[str, str]


def extract(
    recipe: Path, mirror: Path, out: Path, limit: int | None = None
) -> tuple[list[Row], list[str]]:
    """Write the recipe's files that are not there yet.

    Args:
        recipe: The list.
        mirror: Folder of the repositories.
        out: Files go to out/MODALITY/LABEL/BLOB.EXT, cut cells to BLOB-X-Y-W-H.png or .mp4.
        limit: At most so many files of a source, modality and label, always the same ones.

    Returns:
        Rows of the files that are there now, and a sentence on each repository that lacks some.
    """
    by_source: dict[str, list[Line]] = defaultdict(list)
    for line in _some(_lines(recipe), limit):
        by_source[line["source_repo"]].append(line)
    rows: list[Row] = []
    missing: list[str] = []
    for source, lines in by_source.items():
        wanted = [line for line in lines if not _place(out, line).is_file()]
        repository = find_repository(mirror, source)
        if wanted and repository is None:
            missing.append(f"{source}: no copy of it; {len(wanted)} files are missing")
        elif wanted and repository is not None:
            _write(repository, wanted, out)
        there = [line for line in lines if _place(out, line).is_file()]
        if repository is not None and len(there) < len(lines):
            missing.append(f"{source}: {len(lines) - len(there)} of {len(lines)} not in its copy")
        rows += [_row(out, line) for line in there]
    return rows, missing


def find_repository(mirror: Path, source: str) -> Path | None:
    """Where the copy of OWNER/NAME is, if anywhere."""
    flat = source.replace("/", "+")
    for place in (mirror / flat / "repo", mirror / flat, mirror / source):
        if (place / "HEAD").is_file() or (place / ".git").exists():
            return place
    return None


def _lines(recipe: Path) -> Iterator[Line]:
    content = recipe.read_bytes()
    text = gzip.decompress(content) if recipe.suffix == ".gz" else content
    yield from csv.DictReader(io.StringIO(text.decode()))


def _some(lines: Iterable[Line], limit: int | None) -> Iterator[Line]:
    """By hash: the first of a listing would be the first speakers, or the first days."""
    if limit is None:
        yield from lines
        return
    counts: Counter[tuple[str, str, str]] = Counter()
    for line in sorted(lines, key=lambda line: bucket(line["git_blob"], 2**32, salt="recipe")):
        key = line["source_repo"], line["modality"], line["label"]
        counts[key] += 1
        if counts[key] <= limit:
            yield line


def _place(out: Path, line: Line) -> Path:
    cell = parse_cell(line.get("crop") or "")
    name = line["git_blob"] + line["ext"]
    if cell is not None:
        place = "-".join(map(str, cell))
        name = f"{line['git_blob']}-{place}{ENDING[line['modality']]}"  # type: ignore[index]
    return out / line["modality"] / line["label"] / name


def _write(repository: Path, lines: Iterable[Line], out: Path) -> None:
    """Ask one git process for blob after blob; those that it lacks are passed over."""
    command = ["git", "-C", str(repository), "cat-file", "--batch"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as git:
        assert git.stdin is not None and git.stdout is not None
        for line in lines:
            git.stdin.write(f"{line['git_blob']}\n".encode())
            git.stdin.flush()
            answer = git.stdout.readline().decode().split()
            if answer[-1] == "missing":
                continue
            content = git.stdout.read(int(answer[2]))
            git.stdout.readline()
            _keep(content, line, _place(out, line))
        git.stdin.close()


def _keep(content: bytes, line: Line, place: Path) -> None:
    cell = parse_cell(line.get("crop") or "")
    if cell is not None:
        cut(content, line["modality"], cell, place)  # type: ignore[arg-type]
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_suffix(".part")
    partial.write_bytes(content)
    partial.replace(place)


def _row(out: Path, line: Line) -> Row:
    return Row(
        path=_place(out, line),
        modality=line["modality"],  # type: ignore[arg-type]
        label=line["label"],  # type: ignore[arg-type]
        generator=line["generator"],
        group=f"{line['source_repo']}|{line['group'] or line['git_blob']}",
        source=line["source_repo"],
        notes=line["notes"],
        license=line["license"],
        method=line.get("method") or "",
        audio=line.get("audio") or "",
    )
