"""Make the development environment `.venv`: the whole of it or nothing, one process at a time.

Run by `make setup` with the Python of the machine. It has to start on an old one too, to say so
in one sentence: hence no syntax and no annotation that Python 3.6 does not know.
"""

import fcntl
import hashlib
import pathlib
import shutil
import subprocess
import sys
import typing

ROOT = pathlib.Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "complete"
LOCK = ROOT / "requirements-dev.txt"
OLDEST = (3, 10)


def main() -> None:
    """Bring `.venv` in line with the lock file, unless it is so already."""
    with one_at_a_time():
        if stamp() == wanted():
            return
        refuse_unfit_python()
        build(fresh=not can_be_updated())


def one_at_a_time() -> typing.TextIO:
    """Hold the lock of this checkout until the result is closed or the process has ended."""
    try:
        (ROOT / ".cache").mkdir(exist_ok=True)
        handle = open(str(ROOT / ".cache" / "setup.lock"), "w")  # noqa: SIM115  # the caller's
    except OSError as error:
        sys.exit(f"make: cannot write in {ROOT} ({error.strerror}): use a checkout of your own.")
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def wanted() -> str:
    """What the stamp says when `.venv` belongs to this folder and to this lock file."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    return f"{ROOT}\n{digest}\n"


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
    expected = wanted()
    try:
        if fresh:
            say("making .venv with Python {}.{}.{}".format(*sys.version_info[:3]))
            shutil.rmtree(str(VENV), ignore_errors=True)
            run([sys.executable, "-m", "venv", str(VENV)])
        else:
            STAMP.unlink()
        install()
        make_importable()
        STAMP.write_text(expected, encoding="utf-8")
    except BaseException:
        shutil.rmtree(str(VENV), ignore_errors=True)
        raise


def install() -> None:
    """Install the lock file: with uv, which takes seconds, or with pip where uv cannot."""
    python = str(VENV / "bin" / "python")
    pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    uv = [str(VENV / "bin" / "uv"), "--quiet", "--no-python-downloads", "pip", "sync"]
    say("installing what requirements-dev.txt pins (half a minute, more on a slow network)")
    try:
        run([*pip, "--constraint", str(LOCK), "uv"])
        run([*uv, "--python", python, "--compile-bytecode", str(LOCK)])
    except Failed as failure:
        say(f"uv could not do it, so pip does ({failure.last_line})")
        run([*pip, "--requirement", str(LOCK)])


def make_importable() -> None:
    """Let Python find the collection under its own name, and the lab, from any folder."""
    site_packages = next((VENV / "lib").glob("python3*/site-packages"))
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
    main()
