"""Answers as dictionaries and as attributes."""

import copy
import json
import pickle
from typing import Any, Callable

import pytest

from openai_proxy import OpenAIObject

VALUES = {"id": "x", "object": "list", "data": [{"deep": [[{"deeper": None}], 1]}], "usage": {"total_tokens": 0}, "items": [1]}
HEADERS = {"x-request-id": "r-1", "openai-processing-ms": "12.6"}


@pytest.fixture
def answer() -> OpenAIObject:
    return OpenAIObject(VALUES, HEADERS)


def test_keys_are_attributes_all_the_way_down(answer: OpenAIObject) -> None:
    assert answer.data[0].deep[0][0].deeper is answer["data"][0]["deep"][0][0]["deeper"] is None
    assert answer.usage.total_tokens == 0
    assert "usage" in dir(answer)


def test_name_of_a_method_is_the_method_and_needs_brackets_as_a_key(answer: OpenAIObject) -> None:
    assert answer["items"] == [1]
    assert callable(answer.items)
    with pytest.raises(AttributeError, match="brackets"):
        setattr(answer, "items", [])


def test_it_is_a_dictionary(answer: OpenAIObject) -> None:
    assert answer == VALUES
    assert {**answer} == VALUES
    assert json.loads(json.dumps(answer, indent=4, sort_keys=True)) == VALUES
    assert json.loads(str(answer)) == VALUES
    assert repr(answer) == repr(VALUES)
    assert isinstance(answer, dict)


def test_plain_dictionaries_can_be_had(answer: OpenAIObject) -> None:
    assert type(answer.to_dict()) is dict
    assert type(answer.to_dict()["usage"]) is OpenAIObject
    assert type(answer.to_dict_recursive()["data"][0]["deep"][0][0]) is dict
    assert answer.to_dict_recursive() == VALUES


def test_headers_stand_beside_the_keys(answer: OpenAIObject) -> None:
    assert (answer.request_id, answer.response_ms, answer.openai_id) == ("r-1", 13, "x")
    assert answer.headers == HEADERS
    assert "headers" not in answer
    assert answer.usage.headers is None and answer.usage.request_id is None


@pytest.mark.parametrize("said", ["", "soon", "inf", "nan"])
def test_time_that_is_no_number_is_none(said: str) -> None:
    assert OpenAIObject({}, {"openai-processing-ms": said}).response_ms is None


def test_attribute_that_is_not_there_says_what_is(answer: OpenAIObject) -> None:
    with pytest.raises(AttributeError, match="id, object, data, usage, items"):
        answer.choices
    assert not hasattr(answer, "_private")
    assert getattr(answer, "choices", "none") == "none"


def test_attributes_can_be_set_and_deleted(answer: OpenAIObject) -> None:
    answer.mine = ""
    del answer.usage

    assert answer["mine"] == "" and "usage" not in answer
    with pytest.raises(AttributeError):
        del answer.usage


def pickled(answer: OpenAIObject) -> Any:
    return pickle.loads(pickle.dumps(answer))


@pytest.mark.parametrize("made_again", [copy.copy, copy.deepcopy, pickled])
def test_copies_are_the_same_in_every_respect(answer: OpenAIObject, made_again: Callable[[OpenAIObject], OpenAIObject]) -> None:
    again = made_again(answer)

    assert type(again) is OpenAIObject and again is not answer
    assert again == answer
    assert again.request_id == "r-1"
    assert type(again.data[0].deep[0][0]) is OpenAIObject
    assert (again.data is answer.data) == (made_again is copy.copy)
