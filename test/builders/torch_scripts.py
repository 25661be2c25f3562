"""Runs one Python script after the other in one process, for PyTorch takes seconds to come. A line in: its path and arguments as JSON.
A line out: its exit code and what it printed."""

import contextlib
import io
import json
import os
import runpy
import sys
import traceback


def run(path: str, arguments: list[str]) -> dict[str, object]:
    sys.argv = [path, *arguments]
    sys.path[0] = os.path.dirname(path)
    said = io.StringIO()
    code: object = 0
    with contextlib.redirect_stdout(said):
        try:
            runpy.run_path(path, run_name="__main__")
        except SystemExit as end:
            code = end.code or 0
        except BaseException:
            code = traceback.format_exc()
    return {"code": code, "stdout": said.getvalue()}


for line in sys.stdin:
    path, *arguments = json.loads(line)
    print(json.dumps(run(path, arguments)), flush=True)
