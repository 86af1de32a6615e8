"""Make the development environment `.venv`: the whole of it or nothing, one process at a time.

With the word `kerberos` it also gets the modules of requirements-kerberos.txt, which are built from source; from then
on an update keeps them.

Run by `make setup` with the Python of the machine. It has to start on an old one too, to say so
in one sentence: hence no syntax and no annotation that Python 3.6 does not know.
"""

import argparse
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import typing

ROOT = pathlib.Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "complete"
LOCK = ROOT / "requirements-dev.txt"
KERBEROS = ROOT / "requirements-kerberos.txt"
KERBEROS_MARK = "with kerberos\n"
OLDEST = (3, 10)


def main(words: "typing.Sequence[str]" = ()) -> None:
    """Bring `.venv` in line with the lock files, unless it is so already."""
    with one_at_a_time():
        if stamp() != wanted(has_kerberos()):
            refuse_unfit_python()
            build(fresh=not can_be_updated())
        if "kerberos" in words and not has_kerberos():
            add_kerberos()


def one_at_a_time() -> typing.TextIO:
    """Hold the lock of this checkout until the result is closed or the process has ended."""
    try:
        (ROOT / ".cache").mkdir(exist_ok=True)
        handle = open(str(ROOT / ".cache" / "setup.lock"), "w")  # noqa: SIM115  # the caller's
    except OSError as error:
        sys.exit(f"make: cannot write in {ROOT} ({error.strerror}): use a checkout of your own.")
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def wanted(kerberos: bool) -> str:
    """What the stamp says when `.venv` belongs to this folder and to these lock files."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in locks(kerberos))).hexdigest()
    return f"{ROOT}\n{digest}\n" + (KERBEROS_MARK if kerberos else "")


def locks(kerberos: bool) -> "list[pathlib.Path]":
    """The lock files of an environment with or without Kerberos."""
    return [LOCK, KERBEROS] if kerberos else [LOCK]


def has_kerberos() -> bool:
    """Whether a finished environment has the modules of Kerberos, of whatever lock file."""
    return stamp().endswith(KERBEROS_MARK)


def stamp() -> str:
    """What the stamp says; empty where no environment was finished."""
    return STAMP.read_text(encoding="utf-8") if STAMP.is_file() else ""


def can_be_updated() -> bool:
    """Whether a finished environment of this folder is there, made for another lock file."""
    return stamp().split("\n")[0] == str(ROOT) and (VENV / "bin" / "python").exists()


def refuse_unfit_python() -> None:
    """End with one sentence where this Python cannot make the environment."""
    version = "{}.{}.{}".format(*sys.version_info[:3])
    if sys.version_info < OLDEST:
        sys.exit(
            f"make: Python 3.10 or newer is needed and {sys.executable} is {version}: "
            "name another with PYTHON=, for example: make setup PYTHON=python3.12"
        )
    try:
        import ensurepip  # noqa: F401  # asked for, not used
        import venv  # noqa: F401  # asked for, not used
    except ImportError as error:
        sys.exit(
            f"make: Python {version} lacks its module {error.name}: install it first "
            "(Debian and Ubuntu: apt-get install python3-venv)."
        )


def build(fresh: bool) -> None:
    """Make or update the environment; whatever goes wrong, nothing half-made is left."""
    kerberos = has_kerberos() and not fresh
    expected = wanted(kerberos)
    try:
        if fresh:
            say("making .venv with Python {}.{}.{}".format(*sys.version_info[:3]))
            shutil.rmtree(str(VENV), ignore_errors=True)
            run([sys.executable, "-m", "venv", str(VENV)])
        else:
            STAMP.unlink()
        install(locks(kerberos))
        make_importable(VENV)
        STAMP.write_text(expected, encoding="utf-8")
    except BaseException:
        shutil.rmtree(str(VENV), ignore_errors=True)
        raise


def install(files: "list[pathlib.Path]") -> None:
    """Install lock files and nothing else: with uv, which takes seconds, or with pip where uv cannot."""
    names = [str(path) for path in files]
    say(f"installing the pins of {' and '.join(path.name for path in files)} (half a minute, more on a slow network)")
    try:
        run([*pip(), "--constraint", str(LOCK), "uv"])
        run([*uv("sync"), *names])
    except Failed as failure:
        say(f"uv could not do it, so pip does ({failure.last_line})")
        run([*pip(), *(word for name in names for word in ("--requirement", name))])


def pip() -> "list[str]":
    """The beginning of a command that installs with pip."""
    return [str(VENV / "bin" / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]


def uv(verb: str) -> "list[str]":
    """The beginning of a command of uv: `install` adds, `sync` also removes what is not named."""
    program, python = VENV / "bin" / "uv", VENV / "bin" / "python"
    options = ["--python", str(python), "--compile-bytecode"]
    return [str(program), "--quiet", "--no-python-downloads", "pip", verb, *options]


def add_kerberos() -> None:
    """Build the modules of Kerberos into a finished environment; where that fails, it stays as it was."""
    say("building what requirements-kerberos.txt pins, from source (one minute to five)")
    # Not optimised: that takes two thirds of the time. Nobody else gets to use what comes of it, hence the cache.
    os.environ.setdefault("CFLAGS", "-O0")
    installer = uv("install") if (VENV / "bin" / "uv").exists() else pip()
    cache = str(ROOT / ".cache" / "kerberos-wheels")
    try:
        run([*installer, "--cache-dir", cache, "--requirement", str(KERBEROS)])
    except Failed as failure:
        sys.exit(
            f"{failure.code}\nmake: Kerberos' modules could not be built; .venv is as it was. They need a C compiler "
            "and the headers of Python and of MIT Kerberos "
            "(Debian and Ubuntu: apt-get install gcc python3-dev libkrb5-dev)."
        )
    STAMP.write_text(wanted(kerberos=True), encoding="utf-8")


def make_importable(venv: pathlib.Path) -> None:
    """Let the Python of an environment find the collection under its own name, and the lab, from any folder."""
    site_packages = next((venv / "lib").glob("python3*/site-packages"))
    lines = f"{ROOT / 'collections'}\n{ROOT / 'tests'}\n"
    (site_packages / "winmail_exchange.pth").write_text(lines, encoding="utf-8")


class Failed(SystemExit):
    """A command that failed; its output is the message that ends this program."""

    def __init__(self, command: "list[str]", output: str) -> None:
        self.last_line = (output.strip().splitlines() or ["no output"])[-1]
        super().__init__(f"{output.strip()}\nmake: this command failed: {' '.join(command)}")


def run(command: "list[str]") -> None:
    """Run a command in silence; raise `Failed` with what it said where it fails."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        raise Failed(command, done.stdout.decode("utf-8", "replace"))


def say(sentence: str) -> None:
    """Tell the person who waits where it stands."""
    print(f"environment: {sentence}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("more", nargs="?", choices=["kerberos"], help="what is added")
    main([parser.parse_args().more])
