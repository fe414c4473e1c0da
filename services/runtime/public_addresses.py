"""Name resolution that answers with public addresses only, so that a redirect cannot lead into the own network."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from aiohttp.abc import AbstractResolver, ResolveResult

RESOLVING_AT_ONCE = 4

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
# What `is_global` lets through, or lets through in some releases of Python.
_NOT_PUBLIC_IPV4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "100.64.0.0/10",  # shared by the customers of a provider
        "168.63.129.16/32",  # Azure's own services, in each of its networks
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # relays of 6to4
        "198.18.0.0/15",  # benchmarks
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved
    )
)
_NOT_PUBLIC_IPV6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
    )
)


class PrivateAddress(OSError):
    """The host is, or resolves to, an address that is not public."""


def is_public(address: str) -> bool:
    """Whether an IP address is reachable from the internet at large; False for what is no IP address.

    An IPv6 address that carries an IPv4 one (mapped, 6to4, NAT64) is as public as that one. Of the others only global
    unicast (2000::/3) is public, which leaves out all other forms of IPv4 in IPv6, site-local addresses and segments.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return _is_public_ipv4(ip)
    inner = ip.ipv4_mapped or ip.sixtofour
    if inner is None and ip in _NAT64:
        inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if inner is not None:
        return _is_public_ipv4(inner)
    return ip in _GLOBAL_UNICAST and ip.is_global and not any(ip in network for network in _NOT_PUBLIC_IPV6)


def _is_public_ipv4(ip: ipaddress.IPv4Address) -> bool:
    return ip.is_global and not any(ip in network for network in _NOT_PUBLIC_IPV4)


class PublicResolver(AbstractResolver):
    """Resolves trusted hosts to whatever they are, all others to public addresses or not at all.

    aiohttp connects to the address that was checked here, so a name that changes its answer in between gains nothing.
    Hosts that are written as an IP address never come to a resolver: check them with `check_host`.
    """

    def __init__(self, trusted: Collection[str] = ()) -> None:
        self._trusted = frozenset(host.lower() for host in trusted)
        # Threads of its own: names that take long to resolve hold up nothing but other names.
        self._threads = ThreadPoolExecutor(RESOLVING_AT_ONCE, thread_name_prefix="resolver")

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
        found = await self._addresses(host, port, family)
        if host.lower() in self._trusted:
            return found
        public = [one for one in found if is_public(one["host"])]
        if not public:
            raise PrivateAddress(f"{host} resolves to private addresses only")
        return public

    async def _addresses(self, host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
        look_up = partial(
            socket.getaddrinfo, host, port, family, socket.SOCK_STREAM, flags=getattr(socket, "AI_ADDRCONFIG", 0)
        )
        found: list[ResolveResult] = []
        for kind, _, proto, _, address in await asyncio.get_running_loop().run_in_executor(self._threads, look_up):
            ip = str(address[0])
            if len(address) == 4 and address[3]:  # a link-local address is of no use without its link
                ip = f"{ip}%{address[3]}"
            numeric = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
            found.append(ResolveResult(hostname=host, host=ip, port=port, family=kind, proto=proto, flags=numeric))
        return found

    async def close(self) -> None:
        """Release the threads, without waiting for them."""
        self._threads.shutdown(wait=False, cancel_futures=True)
