"""Sites: places with devices in them. What a site is called may be an address: encrypted."""

from sqlalchemy import Table, bindparam, select

from brain.domain.device import Site
from brain.domain.identity import SiteId, TenantId
from brain.store.codec import Codec
from brain.store.columns import metadata, sealed, words
from brain.store.repository import Repository

sites = Table(
    "sites",
    metadata,
    words("tenant", key=True),
    words("id", key=True),
    sealed("sealed"),
)
_codec = Codec(Site, "site")
_get = select(sites.c.sealed).where(
    sites.c.tenant == bindparam("tenant"), sites.c.id == bindparam("id")
)


class Sites(Repository):
    """Kept and looked up by id."""

    __slots__ = ()

    async def get(self, tenant: TenantId, site: SiteId) -> Site | None:
        """The site, or None when the tenant has none of that id."""
        row = await self._db.row(_get, {"tenant": tenant, "id": site})
        return None if row is None else self._open(_codec, row.sealed, "sites", tenant, site)

    async def put(self, site: Site) -> None:
        """Add it, or replace the one of the same id."""
        sealed = self._seal(_codec, site, "sites", site.tenant, site.id)
        await self._upsert(sites, {"tenant": site.tenant, "id": site.id, "sealed": sealed})
