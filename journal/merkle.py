"""Merkle trees after RFC 6962, section 2: hashes, roots, proofs that a leaf is in and that a tree only grew.

Pure: bytes in, bytes out. A leaf is hashed with a first byte 0, a pair of nodes with a first byte 1, so that neither can
be passed off as the other. A tree of any size is made of perfect subtrees; the one at (level, index) covers the leaves
from ``index * 2**level`` on, ``2**level`` of them. Whoever asks for a proof brings a function that finds their hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves."""

Subtree = Callable[[int, int], bytes]
"""The hash of the perfect subtree at (level, index)."""


def leaf_hash(content: bytes) -> bytes:
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def peaks(size: int) -> Iterator[tuple[int, int]]:
    """The perfect subtrees (level, index) that make up a tree of `size` leaves, from left to right."""
    start = 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            yield level, start >> level
            start += 1 << level


class Frontier:
    """The right edge of a growing tree: what must be kept to add leaves and to say the root. At most 64 hashes."""

    __slots__ = ("_hashes", "size")

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        """`hashes` are those of `peaks(size)`; raises `ValueError` when there are more or fewer."""
        if size < 0 or len(hashes) != size.bit_count() or any(len(one) != HASH_BYTES for one in hashes):
            raise ValueError("a frontier has one hash for each perfect subtree of its tree")
        self.size = size
        self._hashes = list(hashes)

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add the hash of a leaf; returns the perfect subtrees (level, index, hash) it completed, itself first."""
        index = self.size
        completed = [(0, index, leaf)]
        level, found = 0, leaf
        while index >> level & 1:
            found = node_hash(self._hashes.pop(), found)
            level += 1
            completed.append((level, index >> level, found))
        self._hashes.append(found)
        self.size += 1
        return completed

    def root(self) -> bytes:
        if not self._hashes:
            return EMPTY_ROOT
        found = self._hashes[-1]
        for left in reversed(self._hashes[:-1]):
            found = node_hash(left, found)
        return found

    def to_bytes(self) -> bytes:
        return b"".join(self._hashes)

    @classmethod
    def from_bytes(cls, size: int, stored: bytes) -> Frontier:
        """The frontier written by `to_bytes`; raises `ValueError` when it does not fit the size."""
        return cls(size, [stored[at : at + HASH_BYTES] for at in range(0, len(stored), HASH_BYTES)])


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over the hashes of leaves."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def _split(size: int) -> int:
    """The largest power of two below a size of two or more."""
    return 1 << (size - 1).bit_length() - 1


def _range_hash(start: int, end: int, subtree: Subtree) -> bytes:
    """The root over the leaves from `start` to before `end`, where `start` is aligned as the splits of a tree are."""
    hashes = []
    while start < end:
        size = end - start
        level = size.bit_length() - 1
        hashes.append(subtree(level, start >> level))
        start += 1 << level
    found = hashes.pop()
    while hashes:
        found = node_hash(hashes.pop(), found)
    return found


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The hashes beside the way from leaf `index` to the root of a tree of `size` leaves (RFC 6962, 2.1.1).

    Raises `ValueError` for a leaf that is not in the tree.
    """
    if not 0 <= index < size:
        raise ValueError("the leaf is not in the tree")
    proof: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(_range_hash(middle, end, subtree))
            end = middle
        else:
            proof.append(_range_hash(start, middle, subtree))
            start = middle
    return proof[::-1]


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that a proof leads to (RFC 9162, 2.1.3.2); None when it is too long or too short for its place."""
    if not 0 <= index < size:
        return None
    at, last, found = index, size - 1, leaf
    for beside in proof:
        if last == 0:
            return None
        if at & 1 or at == last:
            found = node_hash(beside, found)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            found = node_hash(found, beside)
        at >>= 1
        last >>= 1
    return found if last == 0 else None


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether a proof shows that the leaf is number `index` (from 0) of the tree with this size and root."""
    return root_from_inclusion(leaf, index, size, proof) == root


def consistency_proof(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """What shows that the first `old` leaves of a tree of `new` are the tree of `old` (RFC 6962, 2.1.2).

    Empty for equal sizes and for an old tree without leaves. Raises `ValueError` when the tree would have shrunk.
    """
    if not 0 <= old <= new:
        raise ValueError("a tree only grows")
    if old in (0, new):
        return []
    proof: list[bytes] = []
    start, end, is_whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(_range_hash(middle, end, subtree))
            end = middle
        else:
            proof.append(_range_hash(start, middle, subtree))
            start, is_whole = middle, False
    if not is_whole:
        proof.append(_range_hash(start, end, subtree))
    return proof[::-1]


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the new tree only added leaves to the old one (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    hashes = list(proof)
    if old & (old - 1) == 0:  # a perfect tree is not repeated in its own proof
        hashes.insert(0, old_root)
    if not hashes:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at >>= 1
        last >>= 1
    first = second = hashes[0]
    for beside in hashes[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(beside, first), node_hash(beside, second)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            second = node_hash(second, beside)
        at >>= 1
        last >>= 1
    return last == 0 and first == old_root and second == new_root
