"""What an answer is: a dictionary whose keys are also attributes."""

import json
from typing import Any, Dict, Iterable, List, Mapping, Optional


class OpenAIObject(Dict[str, Any]):
    """A JSON object of an answer: ``response["id"]`` and ``response.id`` are the same.

    The objects inside it are of the same kind. It is a ``dict`` in every respect (``json.dumps``, ``==``, ``copy``, ``pickle``); a key
    that is also the name of a method of dictionaries, such as ``items``, can only be reached with brackets.

    What is known of the answer beside its body (:attr:`headers` and what is read from them) stands on the whole answer and each chunk of
    a stream, not on the objects inside them, and is no key.
    """

    __slots__ = ("_headers",)

    _headers: Optional[Mapping[str, str]]

    def __init__(self, values: Optional[Mapping[str, Any]] = None, headers: Optional[Mapping[str, str]] = None) -> None:
        super().__init__({key: converted(value) for key, value in (values or {}).items()})
        object.__setattr__(self, "_headers", headers)

    @property
    def headers(self) -> Optional[Mapping[str, str]]:
        """The headers of the answer, by names in any case."""
        return self._headers

    @property
    def request_id(self) -> Optional[str]:
        """What to tell the organiser when asking about this answer."""
        return self._header("x-request-id")

    @property
    def response_ms(self) -> Optional[int]:
        """How many milliseconds the model took, if the backend said so (``openai-processing-ms``)."""
        said = self._header("openai-processing-ms")
        try:
            return None if said is None else round(float(said))
        except (ValueError, OverflowError):
            return None

    @property
    def openai_id(self) -> Any:
        """The ``id`` of the answer, as ``openai`` 0.28 also calls it."""
        return self.get("id")

    def to_dict(self) -> Dict[str, Any]:
        """A plain dictionary of this object; those inside it stay what they are."""
        return dict(self)

    def to_dict_recursive(self) -> Dict[str, Any]:
        """A plain dictionary, all the way down."""
        return {key: _plain(value) for key, value in self.items()}

    def _header(self, name: str) -> Optional[str]:
        return None if self._headers is None else self._headers.get(name)

    def __getattr__(self, name: str) -> Any:
        # Python looks for names with underscores on its own account, also on an object that copy or pickle has only begun to make.
        if not name.startswith("_") and name in self:
            return self[name]
        raise AttributeError(f"There is no {name!r} here, but: {', '.join(map(str, self)) or 'nothing'}")

    def __setattr__(self, name: str, value: Any) -> None:
        if name in OpenAIObject.__slots__:
            object.__setattr__(self, name, value)
        elif hasattr(type(self), name):
            raise AttributeError(f"{name!r} is no key that can be set as an attribute; use brackets")
        else:
            self[name] = value

    def __delattr__(self, name: str) -> None:
        if name not in self:
            raise AttributeError(name)
        del self[name]

    def __dir__(self) -> Iterable[str]:
        return [*super().__dir__(), *map(str, self)]

    def __str__(self) -> str:
        return json.dumps(self, indent=2, sort_keys=True)


def converted(value: Any) -> Any:
    """What stands for a value of JSON in an answer."""
    if isinstance(value, OpenAIObject):
        return value
    if isinstance(value, dict):
        return OpenAIObject(value)
    if isinstance(value, list):
        items: List[Any] = [converted(item) for item in value]
        return items
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, OpenAIObject):
        return value.to_dict_recursive()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
