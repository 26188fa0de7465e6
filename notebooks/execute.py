"""Run the notebooks from their sources, top to bottom: `make notebooks`.

NAME.py is what people edit and review; NAME.ipynb is what it showed when it last ran, without
anything that changes from run to run.
"""

import sys
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

HOME = Path(__file__).resolve().parent
SOURCES = sorted(HOME.glob("[0-9]-*.py"))
LARGEST = 600_000
"""Bytes of an executed notebook."""


def execute(source: Path) -> Path:
    """Run one notebook.

    Raises:
        CellExecutionError: A cell failed.
        ValueError: The result is too large to be kept.
    """
    notebook = jupytext.read(source)
    notebook.metadata.kernelspec = {
        "display_name": "Python 3", "language": "python", "name": "python3",
    }  # fmt: skip
    # -P would hide `shown`; the kernel starts here, so that its neighbours can be imported.
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(HOME)}})
    client.execute()
    target = source.with_suffix(".ipynb")
    content = nbformat.writes(_steady(notebook)) + "\n"
    if len(content) > LARGEST:
        raise ValueError(f"{target.name} has {len(content):,} bytes; show less")
    target.write_text(content)
    return target


def _steady(notebook: NotebookNode) -> NotebookNode:
    """Without times, versions and random names, so that only what is shown makes a difference."""
    notebook.metadata = {"kernelspec": notebook.metadata.kernelspec}
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = [out for out in cell.outputs if out.get("name") != "stderr"]
    return notebook


if __name__ == "__main__":
    wanted = sys.argv[1:]
    for path in SOURCES:
        if not wanted or path.name[0] in wanted:
            made = execute(path)
            print(f"{made.name}: {made.stat().st_size:,} bytes", flush=True)
