"""Which version of the product this is."""

from importlib.metadata import PackageNotFoundError, version


def product_version() -> str:
    """The version that is installed; ``0`` in a tree that is not."""
    try:
        return version("gatewright")
    except PackageNotFoundError:
        return "0"
