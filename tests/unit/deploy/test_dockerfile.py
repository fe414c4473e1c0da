"""deploy/Dockerfile: what hadolint says, what must be in it, and whether what it copies is enough."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.compose_commands import ROOT

DOCKERFILE = ROOT / "deploy" / "Dockerfile"
CONFIG = ROOT / "deploy" / "hadolint.yaml"
HADOLINT = shutil.which("hadolint") or shutil.which("hadolint", path=str(Path(sys.executable).parent))


def instructions() -> list[tuple[str, str]]:
    """(instruction, words) of the file, with continued lines joined and comments left out."""
    lines = [line for line in DOCKERFILE.read_text("utf-8").splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in joined.splitlines() if line)]


def copied_into_the_build() -> list[str]:
    return [
        source
        for name, rest in instructions()
        if name == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    ]


def pins(requirements: Path) -> dict[str, str]:
    """The requirements, each with all of its line but the hashes."""
    found = re.findall(r"^([A-Za-z0-9][\w.-]*)==([^\\\n]+)\\", requirements.read_text("utf-8"), re.MULTILINE)
    return {f"{name}=={version.split(';')[0].strip()}": version for name, version in found}


@pytest.mark.skipif(HADOLINT is None, reason="hadolint is not installed (it comes with the extra `dev`)")
class TestHadolint:
    def run(self, dockerfile: Path) -> subprocess.CompletedProcess[str]:
        assert HADOLINT is not None
        words = [HADOLINT, "--no-color", "--config", str(CONFIG), str(dockerfile)]
        return subprocess.run(words, capture_output=True, text=True, check=False)

    def test_has_nothing_to_say(self) -> None:
        done = self.run(DOCKERFILE)
        assert done.returncode == 0, done.stdout + done.stderr

    def test_would_find_a_command_that_keeps_signals_from_the_service(self, tmp_path: Path) -> None:
        slipped = tmp_path / "Dockerfile"
        text = DOCKERFILE.read_text("utf-8")
        slipped.write_text(text.replace('CMD ["rasid", "--help"]', "CMD rasid --help"), "utf-8")
        assert slipped.read_text("utf-8") != text
        done = self.run(slipped)
        assert done.returncode == 1
        assert "DL3025" in done.stdout


class TestImage:
    def test_is_made_in_two_stages_the_last_one_slim(self) -> None:
        stages = [rest for name, rest in instructions() if name == "FROM"]
        assert stages == ["python:${PYTHON} AS build", "python:${PYTHON}-slim"]

    def test_installs_what_is_locked_and_nothing_else(self) -> None:
        installs = [rest for name, rest in instructions() if name == "RUN" and "pip install" in rest]
        assert len(installs) == 2
        assert all("--no-deps" in install for install in installs)
        assert "--require-hashes -r requirements-runtime.txt" in installs[0]

    def test_runs_as_a_fixed_user_who_is_not_root(self) -> None:
        last = [rest for name, rest in instructions() if name == "USER"]
        assert last == ["1000:1000"]

    def test_commands_and_health_check_are_in_exec_form(self) -> None:
        commands = dict(item for item in instructions() if item[0] in {"CMD", "ENTRYPOINT", "HEALTHCHECK"})
        assert commands["CMD"] == '["rasid", "--help"]'
        assert "ENTRYPOINT" not in commands
        assert 'CMD ["python", "-c", ' in commands["HEALTHCHECK"]
        assert "/healthz" in commands["HEALTHCHECK"]

    def test_is_unbuffered_and_keeps_no_download(self) -> None:
        environment = " ".join(rest for name, rest in instructions() if name == "ENV")
        for setting in (
            "PYTHONUNBUFFERED=1",
            "PIP_NO_CACHE_DIR=1",
            "RASID_HEALTH_HOST=0.0.0.0",
            "RASID_HEALTH_PORT=6066",
        ):
            assert setting in environment


class TestBuild:
    def test_the_ignore_file_lets_through_exactly_what_is_copied(self) -> None:
        rules = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if not line.startswith("#")]
        assert rules[0] == "*"
        let_through = {rule[1:] for rule in rules if rule.startswith("!")}
        assert let_through == {source.rstrip("/") for source in copied_into_the_build()}

    def test_the_image_runs_the_versions_that_the_tests_run(self) -> None:
        tested, shipped = pins(ROOT / "requirements.txt"), pins(ROOT / "deploy" / "requirements-runtime.txt")
        assert len(shipped) > 50
        assert shipped.keys() <= tested.keys()

    def test_no_tool_of_ours_and_no_torch_is_shipped(self) -> None:
        shipped = pins(ROOT / "deploy" / "requirements-runtime.txt")
        unconditional = {pin.split("==")[0] for pin, line in shipped.items() if "sys_platform == 'never'" not in line}
        assert {"faust-streaming", "aiokafka", "redis"} <= unconditional
        assert not {"pytest", "mypy", "ruff", "hypothesis", "torch", "transformers"} & unconditional

    def test_requirements_name_no_index(self) -> None:
        for name in ("requirements.txt", "deploy/requirements-runtime.txt"):
            text = (ROOT / name).read_text("utf-8")
            assert not re.search(r"^--|https?://", text, re.MULTILINE), name

    def test_what_is_copied_builds_a_package_with_every_file_of_data(self, tmp_path: Path) -> None:
        source = tmp_path / "src"
        source.mkdir()
        for name in copied_into_the_build():
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif not name.startswith("deploy/"):
                shutil.copy(ROOT / name, source)
        words = [
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--no-build-isolation",
            "--wheel-dir",
            str(tmp_path),
            ".",
        ]
        done = subprocess.run([sys.executable, *words], cwd=source, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

        [wheel] = tmp_path.glob("rasid-*.whl")
        packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith(("services/", "schemas/"))}
        wanted = {
            str(path.relative_to(ROOT))
            for folder in ("services", "schemas")
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert wanted - packed == set()
