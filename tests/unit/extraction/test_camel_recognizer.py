"""What the camel engine needs: told where it is missing, and how to get it; nothing is fetched unasked."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from services.extraction.camel_recognizer import data_folder, find_model, load_model
from services.extraction.engine import EngineUnavailable, check_engine, load_engine
from services.runtime.pipeline import ROOT

CATALOGUE = {
    "version": "1.6.0",
    "packages": {},
    "components": {"NamedEntityRecognition": {"default": "arabert", "datasets": {"arabert": {"path": "ner/arabert"}}}},
}


def stand_in(name: str, **parts: object) -> ModuleType:
    """A module that has only these parts."""
    module = ModuleType(name)
    module.__spec__ = ModuleSpec(name, None)
    for part, value in parts.items():
        setattr(module, part, value)
    return module


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that camel-tools, not yet imported, takes for that of its data; torch and transformers are there."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path / "data"))
    for name in [name for name in sys.modules if name.startswith("camel_tools.data")]:
        monkeypatch.delitem(sys.modules, name)
    logging = SimpleNamespace(disable_progress_bar=lambda: None)
    monkeypatch.setitem(sys.modules, "torch", stand_in("torch", set_num_threads=lambda threads: None))
    monkeypatch.setitem(sys.modules, "transformers", stand_in("transformers"))
    monkeypatch.setitem(sys.modules, "transformers.utils", stand_in("transformers.utils", logging=logging))
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def fetched(folder: Path) -> Path:
    """The folder after `camel_data -i ner-arabert`."""
    (folder / "catalogue.json").write_text(json.dumps(CATALOGUE), "utf-8")
    (folder / "versions.json").write_text('{"ner-arabert": "1.1.0"}', "utf-8")
    model = folder / "data" / "ner" / "arabert"
    model.mkdir(parents=True)
    for name in ("config.json", "vocab.txt"):
        (model / name).touch()
    return folder


def with_recognizer(monkeypatch: pytest.MonkeyPatch, pretrained: Callable[[str], object]) -> None:
    """Let this take the place of NERecognizer.pretrained."""
    recognizer = SimpleNamespace(pretrained=pretrained)
    monkeypatch.setitem(sys.modules, "camel_tools.ner", stand_in("camel_tools.ner", NERecognizer=recognizer))


class TestWithoutTheExtra:
    @pytest.mark.parametrize(
        ("missing", "told"),
        [
            (("torch",), "needs torch, not"),
            (("transformers",), "needs transformers, not"),
            (("torch", "transformers"), "needs torch and transformers, not"),
        ],
    )
    def test_the_error_says_how_to_install_it(
        self, fetched: Path, monkeypatch: pytest.MonkeyPatch, missing: tuple[str, ...], told: str
    ) -> None:
        for name in missing:
            monkeypatch.setitem(sys.modules, name, None)
        for look in (find_model, load_model, lambda: load_engine("camel"), lambda: check_engine("camel")):
            with pytest.raises(EngineUnavailable, match=told) as caught:
                look()
            assert "pip install '.[transformers]'" in str(caught.value)

    def test_a_torch_that_does_not_load_is_told(self, fetched: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "camel_tools.ner", None)
        with pytest.raises(EngineUnavailable, match="installed but cannot be loaded \\(ModuleNotFoundError"):
            load_model()

    def test_other_engines_need_none_of_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "torch", None)
        check_engine("lexicon")
        assert load_engine("lexicon").name == "lexicon"


class TestWithoutTheData:
    def told(self) -> str:
        with pytest.raises(EngineUnavailable) as caught:
            load_model()
        return str(caught.value)

    def test_the_error_says_how_to_fetch_it_and_where_it_was_looked_for(self, folder: Path) -> None:
        told = self.told()
        assert "camel_data -i ner-arabert" in told
        assert "CAMELTOOLS_DATA" in told
        assert str(folder) in told

    def test_nothing_is_fetched_by_looking(self, folder: Path) -> None:
        self.told()
        assert "camel_tools.data" not in sys.modules  # an import of it asks the network for the catalogue
        assert list(folder.iterdir()) == []

    def test_a_catalogue_alone_is_not_the_data(self, folder: Path) -> None:
        (folder / "catalogue.json").write_text(json.dumps(CATALOGUE), "utf-8")
        assert "camel_data -i ner-arabert" in self.told()

    @pytest.mark.parametrize("name", ["config.json", "vocab.txt"])
    def test_nor_is_a_part_of_it(self, fetched: Path, name: str) -> None:
        (fetched / "data" / "ner" / "arabert" / name).unlink()
        assert "camel_data -i ner-arabert" in self.told()

    @pytest.mark.parametrize("catalogue", ["<html>", '{"version": "9", "packages": {}, "components": {}}', "[]"])
    def test_a_catalogue_that_cannot_be_read_is_told(self, fetched: Path, catalogue: str) -> None:
        (fetched / "catalogue.json").write_text(catalogue, "utf-8")
        told = self.told()
        assert told.startswith(f"the engine camel cannot read its model in {fetched} (")
        assert "camel_data -i --force ner-arabert" in told

    def test_a_model_that_cannot_be_read_is_told(self, fetched: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def cut_off(name: str) -> object:
            raise OSError("model.safetensors is cut off\nand more")

        with_recognizer(monkeypatch, cut_off)
        told = self.told()
        assert "(OSError: model.safetensors is cut off)" in told
        assert f"remove {fetched / 'catalogue.json'}," in told

    def test_without_the_variable_it_is_looked_for_at_home(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("CAMELTOOLS_DATA")
        assert data_folder() == folder.parent / "home" / ".camel_tools"


class TestWithAll:
    def test_the_model_is_found_and_loaded_by_its_name(self, fetched: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with_recognizer(monkeypatch, lambda name: f"the recogniser {name}")
        assert find_model() == fetched / "data" / "ner" / "arabert"
        assert load_model() == ("the recogniser arabert", "ner-arabert-1.1.0")

    def test_a_model_of_unknown_version_is_called_by_its_name(
        self, fetched: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (fetched / "versions.json").unlink()
        with_recognizer(monkeypatch, lambda name: name)
        assert load_model().name == "ner-arabert"

    @pytest.mark.parametrize(("variable", "threads"), [(None, [1]), ("4", [])])
    def test_one_process_takes_one_core_unless_told_otherwise(
        self, fetched: Path, monkeypatch: pytest.MonkeyPatch, variable: str | None, threads: list[int]
    ) -> None:
        taken: list[int] = []
        monkeypatch.setattr(sys.modules["torch"], "set_num_threads", taken.append)
        with_recognizer(monkeypatch, lambda name: name)
        if variable is None:
            monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
        else:
            monkeypatch.setenv("OMP_NUM_THREADS", variable)
        load_model()
        assert taken == threads


def test_the_service_does_not_start_without_and_says_why(tmp_path: Path) -> None:
    env = {"RASID_ENGINE": "camel", "CAMELTOOLS_DATA": str(tmp_path), "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    words = [sys.executable, "-c", "import services.extraction.app"]
    ended = subprocess.run(words, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith("extraction cannot start, mend this first:\nthe engine camel needs ")
    assert "Traceback" not in ended.stderr
