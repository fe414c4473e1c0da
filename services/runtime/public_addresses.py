"""Name resolution that answers with public addresses only, so that a redirect cannot lead into the own network."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

_CARRYING_IPV4 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::/96"))  # NAT64; compatible


class PrivateAddress(OSError):
    """The host is, or resolves to, an address that is not public."""


def is_public(address: str) -> bool:
    """Whether an IP address is reachable from the internet at large; False for what is no IP address.

    An IPv6 address that carries an IPv4 one (mapped, 6to4, NAT64) is as public as that one.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner: ipaddress.IPv4Address | None = None
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and any(ip in network for network in _CARRYING_IPV4):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return (inner or ip).is_global and not ip.is_multicast


class PublicResolver(AbstractResolver):
    """Resolves trusted hosts to whatever they are, all others to public addresses or not at all.

    aiohttp connects to the address that was checked here, so a name that changes its answer in between gains nothing.
    Hosts that are written as an IP address never come to a resolver: check them with `check_host`.
    """

    def __init__(self, trusted: Collection[str] = ()) -> None:
        self._trusted = frozenset(host.lower() for host in trusted)
        self._resolver = ThreadedResolver()

    def check_host(self, host: str) -> None:
        """Raises PrivateAddress where the host is an IP address that is neither public nor trusted."""
        bare = host.strip("[]").lower()
        if bare in self._trusted:
            return
        try:
            ipaddress.ip_address(bare.partition("%")[0])
        except ValueError:
            return
        if not is_public(bare):
            raise PrivateAddress(f"{host} is a private address")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The host's addresses.

        Raises:
            PrivateAddress: none of them is public, and the host is not trusted. OSError: it does not resolve.
        """
        found = await self._resolver.resolve(host, port, family)
        if host.lower() in self._trusted:
            return found
        public = [one for one in found if is_public(one["host"])]
        if not public:
            raise PrivateAddress(f"{host} resolves to private addresses only")
        return public

    async def close(self) -> None:
        """Release the resolver."""
        await self._resolver.close()
