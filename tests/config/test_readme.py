"""What the README promises is what the code does: settings, commands, options, places."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
SETTINGS = ROOT / "site" / "config" / "settings.py"


def table(heading: str) -> list[list[str]]:
    """The cells of the README's table whose first column has this heading."""
    begins = README.index(f"| {heading} |")
    lines = README[begins:].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def settings_read() -> dict[str, object]:
    """Every name that settings.py reads from the environment, with its default where it is a plain value."""
    names: dict[str, object] = {}
    for call in ast.walk(ast.parse(SETTINGS.read_text())):
        if not (isinstance(call, ast.Call) and is_env(call.func)):
            continue
        name = ast.literal_eval(call.args[0])
        default = next((word.value for word in call.keywords if word.arg == "default"), None)
        try:
            names[name] = None if default is None else ast.literal_eval(default)
        except ValueError:  # computed, such as a path in the data folder: the README tells it in words
            names[name] = ...
    return names


def is_env(function: ast.expr) -> bool:
    named = function.value if isinstance(function, ast.Attribute) else function
    return isinstance(named, ast.Name) and named.id == "env"


def shown(default: object) -> str:
    """How the README writes a default."""
    if default in ("", None, [], {}):
        return ""
    if isinstance(default, bool):
        return f"`{int(default)}`"
    if isinstance(default, list):
        return f"`{','.join(default)}`"
    return f"`{default}`"


def test_every_setting_is_in_the_readme_and_no_other() -> None:
    told = [cells[0].strip("`") for cells in table("setting")]
    assert sorted(told) == sorted(settings_read())


def test_the_defaults_told_are_the_defaults() -> None:
    told = {cells[0].strip("`"): cells[1] for cells in table("setting")}
    real = {name: shown(default) for name, default in settings_read().items() if default is not ...}
    assert {name: told.get(name) for name in real} == real


def test_every_command_told_exists() -> None:
    told = set(re.findall(r"manage\.py ([a-z_]+)", README))
    assert {"quickstart", "testall", "serve"} <= told
    assert told <= set(get_commands())


def test_every_option_of_quickstart_is_told_and_no_other() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "quickstart", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    ours = done.stdout.split("--version")[0] + done.stdout.split("prepare everything, then stop")[0]
    told = {cells[0].strip("`").split()[0] for cells in table("option")}
    assert told == {"--port", "--data", "--no-demo", "--no-serve"}
    assert all(option in ours for option in told)


@pytest.mark.parametrize(
    "place",
    sorted(set(re.findall(r"(?<![\w/])((?:site|accounts|knowledge|webinars|tests)/[\w/.]*)", README))),
)
def test_every_place_told_is_there(place: str) -> None:
    assert (ROOT / place).exists()


def test_links_between_files_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
