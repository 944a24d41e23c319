"""Reads TensorFlow.js models that nsfwjs packs into JavaScript modules, without running any JavaScript.

Each module wraps one assignment, `<name>.exports=<value>`: the model's description as an object literal, or a shard of
weights as a string in base64.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any

EXPORT = re.compile(r"[,{;]\w+\.exports=(?=[{\"])")
# Strings first, so that nothing inside them is taken for code.
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|(?P<key>[A-Za-z_$][\w$]*)(?=:)|!(?P<flag>[01])|(?P<fraction>(?<![\w.])\.\d)')


def read_description(module: bytes) -> dict[str, Any]:
    """Returns the model's description: `modelTopology` and `weightsManifest`."""
    return _read_export(module)


def read_shard(module: bytes) -> bytes:
    """Returns the bytes of a shard of weights."""
    return base64.b64decode(_read_export(module), validate=True)


def _read_export(module: bytes) -> Any:
    text = module.decode()
    # The last assignment is the module's own; those before it belong to the loader around it.
    start = [match.end() for match in EXPORT.finditer(text)][-1]
    value, _ = json.JSONDecoder().raw_decode(TOKEN.sub(_to_json, text[start:]))
    return value


def _to_json(match: re.Match[str]) -> str:
    """Rewrites what a minifier writes shorter than JSON allows: bare keys, !0 for true, .5 for 0.5."""
    if match["key"]:
        return f'"{match["key"]}"'
    if match["flag"]:
        return "true" if match["flag"] == "0" else "false"
    if match["fraction"]:
        return f"0{match['fraction']}"
    return match[0]
