"""Sites: places with devices in them. What a site is called may be an address: encrypted.

Its area is encrypted too; a keyed digest stands beside it, by which homes of one area are counted.
"""

from sqlalchemy import Column, Index, Table, Text, bindparam, select

from brain.domain.device import Site
from brain.domain.identity import SiteId, TenantId
from brain.store.cipher import Cipher
from brain.store.codec import Codec
from brain.store.columns import metadata, sealed, words
from brain.store.repository import Repository, context

sites = Table(
    "sites",
    metadata,
    words("tenant", key=True),
    words("id", key=True),
    sealed("sealed"),
    Column("area", Text),
    Index(None, "tenant", "area"),
)
_codec = Codec(Site, "site")
_of_tenant = sites.c.tenant == bindparam("tenant")
_get = select(sites).where(_of_tenant, sites.c.id == bindparam("id"))
_of_area = select(sites).where(_of_tenant, sites.c.area == bindparam("area")).limit(1)


class Sites(Repository):
    """Kept and looked up by id."""

    __slots__ = ()

    async def get(self, tenant: TenantId, site: SiteId) -> Site | None:
        """The site, or None when the tenant has none of that id."""
        row = await self._db.row(_get, {"tenant": tenant, "id": site})
        return None if row is None else self._open(_codec, row.sealed, "sites", tenant, site)

    async def of_area(self, tenant: TenantId, area: str) -> Site | None:
        """Any one site of an area, which is named by its digest; None when there is none."""
        row = await self._db.row(_of_area, {"tenant": tenant, "area": area})
        return None if row is None else self._open(_codec, row.sealed, "sites", tenant, row.id)

    async def area(self, tenant: TenantId, site: SiteId) -> str | None:
        """The digest of the area that a site lies in; None where nobody entered one."""
        row = await self._db.row(_get, {"tenant": tenant, "id": site})
        return None if row is None else row.area

    async def put(self, site: Site) -> None:
        """Add it, or replace the one of the same id."""
        sealed = self._seal(_codec, site, "sites", site.tenant, site.id)
        row = {"tenant": site.tenant, "id": site.id, "sealed": sealed}
        await self._upsert(sites, row | {"area": area_of(self._db.cipher, site)})


def area_of(cipher: Cipher, site: Site) -> str | None:
    """The digest of the area that a site lies in; None where nobody entered one."""
    name = site.area.strip().casefold()
    return cipher.blind(name, context("areas", site.tenant)).hex() if name else None
