"""Which entry of a settings file is wrong, and what it should hold, in words for people.

msgspec names the entry as a path and the types as a programmer does: “Expected `float | null`,
got `str` - at `$.wearer.height_m`”. This turns it into “`wearer.height_m` is "1.70"; it should
be a number from 0.8 to 2.5, without quotes”.
"""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
from msgspec import inspect

_MOST_SHOWN = 40
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")


def describe_wrong_entry(error: msgspec.ValidationError, content: Any, kind: type) -> str:
    """One clause that names the entry, what it holds and what it should hold.

    Parameters
    ----------
    error : msgspec.ValidationError
        Raised when `content` was read as `kind`.
    content
        The file as plain lists, dictionaries, text and numbers.
    kind : type
        The `msgspec.Struct` that the file should be.

    Returns
    -------
    str
        Without a full stop. What msgspec says, where that is no wrong type or value.
    """
    message, _, at = str(error).partition(" - at ")
    in_names = at.startswith("`key` in ")
    steps = _STEP.findall(at.removeprefix("`key` in ").strip("`"))
    value, wanted, names = _follow(content, inspect.type_info(kind), steps, kind)
    entry = ".".join(names)
    if found := re.fullmatch(r"Object missing required field `(.+)`", message):
        return f"`{'.'.join([*names, found[1]])}` is missing"
    if found := re.fullmatch(r"Object contains unknown field `(.+)`", message):
        return f"`{'.'.join([*names, found[1]])}` is no entry that is known here"
    if in_names and isinstance(wanted, inspect.DictType):
        allowed = _described(wanted.key_type)
        strange = re.findall(r"'(.*)'", message) or ["a name"]
        return f"`{entry}` speaks of “{strange[0]}”; it should be {allowed}"
    should = _described(wanted) if wanted is not None else None
    if should is None or not message.startswith(("Expected ", "Invalid ", "Number ")):
        return f"`{entry}`: {message}" if entry else message
    holder = f"`{entry}`" if entry else "the file"
    quoted = isinstance(value, str) and should.startswith(("a number", "a whole", "true"))
    return f"{holder} is {_shown(value)}; it should be {should}{', without quotes' * quoted}"


def describe_wrong_json(error: msgspec.ValidationError, data: bytes, kind: type) -> str:
    """The same for the bytes of a JSON file."""
    try:
        content = json.loads(data)  # reads 1e999 and the like, which msgspec refuses
    except (ValueError, RecursionError):
        return "it is nested too deep or otherwise damaged"
    return describe_wrong_entry(error, content, kind)


def _follow(
    value: Any, wanted: inspect.Type, steps: list[tuple[str, str]], kind: type
) -> tuple[Any, inspect.Type | None, list[str]]:
    """The value, the type and the names at the end of a path."""
    names: list[str] = []
    whole = value
    for field, index in steps:
        options = wanted.types if isinstance(wanted, inspect.UnionType) else (wanted,)
        inner: inspect.Type | None = None
        name: Any = field
        for option in options:
            if isinstance(option, inspect.StructType) and field:
                inner = next((f.type for f in option.fields if f.encode_name == field), None)
            elif isinstance(option, inspect.DictType) and index:
                inner, name = option.value_type, _culprit(whole, names, value, kind)
            elif isinstance(option, inspect.TupleType) and index.isdigit():
                inner, name = option.item_types[int(index)], int(index)
            elif isinstance(option, inspect.ListType | inspect.VarTupleType) and index.isdigit():
                inner, name = option.item_type, int(index)
            if inner is not None:
                break
        if inner is None:
            return value, None, [*names, str(name or "…")]
        names.append(str(name))
        value, wanted = value[name], inner
    return value, wanted, names


def _culprit(whole: Any, names: list[str], table: dict[str, Any], kind: type) -> str:
    """The first key of a table whose value, alone in the content, is refused."""
    for key, value in table.items():
        alone: Any = {key: value}
        for name in reversed(names):
            alone = {name: alone}
        try:
            msgspec.convert(alone, kind)
        except msgspec.ValidationError as error:
            if f"$.{'.'.join(names)}[...]" in str(error):
                return key
    return next(iter(table))


def _described(wanted: inspect.Type) -> str:
    """What an entry of a type should hold; what may be left out need not be said."""
    match wanted:
        case inspect.UnionType(types=types):
            kinds = [t for t in types if not isinstance(t, inspect.NoneType)]
            return " or ".join(_described(t) for t in kinds)
        case inspect.FloatType() | inspect.IntType():
            noun = "a whole number" if isinstance(wanted, inspect.IntType) else "a number"
            return noun + _limits(wanted)
        case inspect.StrType():
            return "text in quotes"
        case inspect.BoolType():
            return "true or false"
        case inspect.LiteralType(values=values):
            return _one_of([str(v) for v in values])
        case inspect.EnumType(cls=cls):
            return _one_of([str(member.value) for member in cls])
        case inspect.DateTimeType():
            return "a date and time such as 2026-11-20T10:30:00+01:00"
        case inspect.DateType():
            return "a date such as 2026-11-20"
        case inspect.StructType() | inspect.DictType():
            return "a group of entries in {braces}"
        case inspect.TupleType(item_types=items):
            return f"a list of {len(items)} in [brackets]"
        case _:
            return "a list in [brackets]"


def _limits(wanted: inspect.FloatType | inspect.IntType) -> str:
    low, high = wanted.ge, wanted.le
    if low is not None and high is not None:
        return f" from {low:g} to {high:g}"
    if low is not None:
        return f" of at least {low:g}"
    return f" above {wanted.gt:g}" if wanted.gt is not None else ""


def _one_of(words: list[str]) -> str:
    *others, last = (f"“{word}”" for word in words)
    return f"{', '.join(others)} or {last}" if others else last


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"
