"""The rule file's models: what a rule asks of an article, and where its alerts go."""

from __future__ import annotations

import difflib
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from schemas.alerts import Severity
from schemas.articles_deduplicated import Relation
from schemas.articles_extracted import EntityType, EventType
from services.alerting.countries import COUNTRIES
from services.alerting.words import MAX_TERM_WORDS, words_of

MAX_LIST = 1000
SECRET_MARK = "whsec_"
NO_SECRET_HERE = (
    "a secret never stands in the rule file: name an environment variable with secret_env, or a file with secret_file"
)


def _mistake(message: str) -> PydanticCustomError:
    return PydanticCustomError("mistake", "{message}", {"message": message})


def _several(value: Any) -> Any:
    """A single value where a list is meant, and a list as the tuple that is kept."""
    if isinstance(value, list):
        return tuple(value)
    return value if value is None or isinstance(value, dict | tuple) else (value,)


def _listed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _country(code: str) -> str:
    if code not in COUNTRIES:
        raise _mistake(f"«{code[:40]}» is no ISO 3166-1 code of two capital letters, such as SY or GB")
    return code


def _searchable(term: str) -> str:
    words = words_of(term)
    if not words:
        raise _mistake(f"«{term[:40]}» has no letter or digit to look for")
    if len(words) > MAX_TERM_WORDS:
        raise _mistake(f"«{term[:40]}…» has {len(words)} words, more than {MAX_TERM_WORDS}")
    return term


Text = Annotated[str, Field(min_length=1, max_length=200)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
VariableName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,199}$")]
Term = Annotated[Text, AfterValidator(_searchable)]
Country = Annotated[str, AfterValidator(_country)]
_Several = BeforeValidator(_several)
_Listed = BeforeValidator(_listed)
_Some = Field(min_length=1, max_length=MAX_LIST)
Names = Annotated[tuple[Text, ...], _Several, _Some]
Terms = Annotated[tuple[Term, ...], _Several, _Some]
Countries = Annotated[tuple[Country, ...], _Several, _Some]
EntityTypes = Annotated[tuple[EntityType, ...], _Several, _Some]
EventTypes = Annotated[tuple[EventType, ...], _Several, _Some]
Relations = Annotated[tuple[Relation, ...], _Several, _Some]
Toll = Annotated[int, Field(ge=1, le=10_000_000)]


class _Mapping(BaseModel):
    """A mapping of the file. A subclass with `short` may also be written as that one field's value."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    short: ClassVar[str | None] = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if cls.short and not isinstance(value, dict):
            value = {cls.short: value}
        if not isinstance(value, dict):
            raise _mistake("must be a mapping (name: value)")
        known = [model_field.alias or name for name, model_field in cls.model_fields.items()]
        for key in value:
            if key not in known:
                near = difflib.get_close_matches(str(key)[:60], known, n=1)
                hint = f"did you mean «{near[0]}»?" if near else f"known here: {', '.join(known)}"
                raise PydanticCustomError(
                    "unknown_field", "{message}", {"message": f"is not known; {hint}", "field": key}
                )
            if value[key] is None:
                raise PydanticCustomError(
                    "empty_field", "{message}", {"message": "is empty: give it a value or leave it out", "field": key}
                )
        return value


class EntityCondition(_Mapping):
    """A named person, organisation, group or place: by name, by type, or both."""

    short = "name"

    name: Names | None = None
    type: EntityTypes | None = None

    @model_validator(mode="after")
    def _asks(self) -> EntityCondition:
        if self.name is None and self.type is None:
            raise _mistake("needs a name, a type or both")
        return self


class PlaceCondition(_Mapping):
    """A place, by name or by the country it lies in; either will do."""

    short = "name"

    name: Names | None = None
    country: Countries | None = None

    @model_validator(mode="after")
    def _asks(self) -> PlaceCondition:
        if self.name is None and self.country is None:
            raise _mistake("needs a name, a country or both")
        return self


class EventCondition(_Mapping):
    """One event that has all of this."""

    short = "type"

    type: EventTypes | None = None
    place: PlaceCondition | None = None
    killed: Toll | None = None
    wounded: Toll | None = None

    @model_validator(mode="after")
    def _asks(self) -> EventCondition:
        if self.type is None and self.place is None and self.killed is None and self.wounded is None:
            raise _mistake("needs a type, a place, killed or wounded")
        return self


class WordsCondition(_Mapping):
    """Words or phrases in title and text: one of `any`, each of `all`, and none of `none`."""

    short = "any"

    any_of: Annotated[Terms | None, Field(alias="any")] = None
    all_of: Annotated[Terms | None, Field(alias="all")] = None
    none_of: Annotated[Terms | None, Field(alias="none")] = None

    @model_validator(mode="after")
    def _asks(self) -> WordsCondition:
        if self.any_of is None and self.all_of is None and self.none_of is None:
            raise _mistake("needs any, all or none")
        return self


class Condition(_Mapping):
    """What must be so; where it has several fields, all of them."""

    entity: EntityCondition | None = None
    place: PlaceCondition | None = None
    event: EventCondition | None = None
    words: WordsCondition | None = None
    source: Names | None = None
    all_of: Annotated[tuple[Condition, ...] | None, Field(alias="all", min_length=1), _Listed] = None
    any_of: Annotated[tuple[Condition, ...] | None, Field(alias="any", min_length=1), _Listed] = None
    not_this: Annotated[Condition | None, Field(alias="not")] = None

    @model_validator(mode="after")
    def _asks(self) -> Condition:
        if not self.model_fields_set:
            raise _mistake("needs at least one condition")
        return self

    def asks_for_something(self) -> bool:
        """Whether an article must have something to meet it: false where it only says what must not be there."""
        if self.entity or self.place or self.event or self.source:
            return True
        if self.words and (self.words.any_of or self.words.all_of):
            return True
        if self.all_of and any(part.asks_for_something() for part in self.all_of):
            return True
        return bool(self.any_of) and all(part.asks_for_something() for part in self.any_of or ())


class Rule(_Mapping):
    """What is worth an alert."""

    name: Name
    title: Text | None = None
    severity: Severity = "info"
    labels: Annotated[dict[Text, Text], Field(max_length=50)] = {}
    relation: Relations = ("new", "same_story")
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.0
    when: Condition
    webhooks: Annotated[tuple[Name, ...], _Several, Field(max_length=50)] = ()

    @field_validator("when")
    @classmethod
    def _asks_for_something(cls, when: Condition) -> Condition:
        if not when.asks_for_something():
            raise _mistake("only says what must not be there: add what must be")
        return when

    @field_validator("webhooks")
    @classmethod
    def _once_each(cls, webhooks: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(webhooks))


class Webhook(_Mapping):
    """An endpoint that alerts are sent to. Address and secrets are found when the service starts."""

    name: Name
    url: Annotated[str, Field(max_length=2048)] | None = None
    url_env: VariableName | None = None
    secret_env: Annotated[tuple[VariableName, ...] | None, _Several, Field(min_length=1, max_length=5)] = None
    secret_file: Annotated[tuple[Text, ...] | None, _Several, Field(min_length=1, max_length=5)] = None

    @model_validator(mode="before")
    @classmethod
    def _no_literal_secret(cls, value: Any) -> Any:
        if isinstance(value, dict):
            for key, item in value.items():
                items = item if isinstance(item, list | tuple) else [item]
                if key in ("secret", "secrets") or any(isinstance(i, str) and SECRET_MARK in i for i in items):
                    raise PydanticCustomError("literal_secret", NO_SECRET_HERE, {"field": key})
        return value

    @field_validator("url")
    @classmethod
    def _address(cls, url: str | None) -> str | None:
        if url is not None and (wrong := wrong_with_url(url)):
            raise _mistake(wrong)
        return url

    @model_validator(mode="after")
    def _complete(self) -> Webhook:
        if (self.url is None) == (self.url_env is None):
            raise _mistake("needs either url or url_env, and not both")
        if self.secret_env is None and self.secret_file is None:
            raise _mistake("needs secret_env or secret_file, by which its alerts are signed")
        return self


class RuleFile(_Mapping):
    """The whole file."""

    webhooks: Annotated[tuple[Webhook, ...], _Listed] = ()
    rules: Annotated[tuple[Rule, ...], _Listed]


def wrong_with_url(url: str) -> str | None:
    """What keeps a text from being a webhook's address, None where nothing does. Never repeats the address."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is not an address: write https://host/path"
    if parts.scheme not in ("https", "http") or not host or not url.isprintable() or " " in url or "\\" in url:
        return "is not an address: write https://host/path"
    if parts.username is not None or parts.password is not None:
        return "holds a user name or password: take it out, or give the whole address by url_env"
    if parts.fragment:
        return "ends in a #fragment, which is never sent: take it out"
    return None
