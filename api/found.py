"""What is not in the caller's own tenant is not there: said one way, whatever it is."""

from typing import TypeVar

from brain.domain.errors import NotFound

T = TypeVar("T")


def there(found: T | None, what: str) -> T:
    """What was found, or NotFound: for another tenant's exactly as for what does not exist."""
    if found is None:
        raise NotFound(f"there is no such {what}", field=what)
    return found
