"""Merkle trees: the published vectors of Certificate Transparency, and what must hold for every tree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal import merkle

# The tree that implementations of RFC 6962 test with: eight leaves, the root after each, and proofs.
INPUTS = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [merkle.leaf_hash(content) for content in INPUTS]
# (leaf counted from 1, size, proof)
INCLUSIONS = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (3, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        2,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
CONSISTENCIES = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]


def subtree_of(leaves):
    """Hashes of perfect subtrees straight from the definition."""

    def subtree(level, index):
        if level == 0:
            return leaves[index]
        return merkle.node_hash(subtree(level - 1, 2 * index), subtree(level - 1, 2 * index + 1))

    return subtree


def root_by_definition(leaves):
    """MTH of RFC 6962, 2.1, as it is written there."""
    if not leaves:
        return merkle.EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return merkle.node_hash(root_by_definition(leaves[:split]), root_by_definition(leaves[split:]))


def test_the_published_roots():
    assert merkle.EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert [merkle.root_of(LEAVES[: n + 1]).hex() for n in range(8)] == ROOTS


@pytest.mark.parametrize(("leaf", "size", "proof"), INCLUSIONS)
def test_the_published_inclusion_proofs(leaf, size, proof):
    made = merkle.inclusion_proof(leaf - 1, size, subtree_of(LEAVES))
    assert [one.hex() for one in made] == proof
    assert merkle.is_included(LEAVES[leaf - 1], leaf - 1, size, made, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("old", "new", "proof"), CONSISTENCIES)
def test_the_published_consistency_proofs(old, new, proof):
    made = merkle.consistency_proof(old, new, subtree_of(LEAVES))
    assert [one.hex() for one in made] == proof
    assert merkle.is_consistent(old, new, *(bytes.fromhex(ROOTS[n - 1]) for n in (old, new)), made)


leaves_of_a_tree = st.integers(1, 70).map(lambda n: [merkle.leaf_hash(str(k).encode()) for k in range(n)])


@given(leaves_of_a_tree)
def test_the_frontier_says_the_root_of_the_definition_and_survives_being_stored(leaves):
    frontier = merkle.Frontier()
    completed = {}
    for count, leaf in enumerate(leaves, start=1):
        completed |= {(level, index): found for level, index, found in frontier.append(leaf)}
        frontier = merkle.Frontier.from_bytes(count, frontier.to_bytes())
    assert frontier.root() == root_by_definition(leaves)
    subtree = subtree_of(leaves)
    assert all(found == subtree(*place) for place, found in completed.items())
    assert {place: completed[place] for place in merkle.peaks(len(leaves))}.keys() == set(merkle.peaks(len(leaves)))


@given(leaves_of_a_tree, st.data())
def test_every_leaf_is_proved_and_nothing_else_passes(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof = merkle.inclusion_proof(index, len(leaves), subtree_of(leaves))
    root = root_by_definition(leaves)
    assert merkle.is_included(leaves[index], index, len(leaves), proof, root)
    other = merkle.leaf_hash(b"other")
    assert not merkle.is_included(other, index, len(leaves), proof, root)
    assert not merkle.is_included(leaves[index], index, len(leaves), [*proof, other], root)
    assert not merkle.is_included(leaves[index], len(leaves), len(leaves), proof, root)
    for wrong in {(index + 1) % len(leaves), index - 1} - {index, -1}:
        assert not merkle.is_included(leaves[index], wrong, len(leaves), proof, root)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        assert not merkle.is_included(leaves[index], index, len(leaves), [*proof[:at], other, *proof[at + 1 :]], root)
        assert not merkle.is_included(leaves[index], index, len(leaves), proof[:-1], root)


@given(leaves_of_a_tree, st.data())
def test_a_grown_tree_is_proved_and_a_rewritten_one_is_not(leaves, data):
    old = data.draw(st.integers(0, len(leaves)))
    proof = merkle.consistency_proof(old, len(leaves), subtree_of(leaves))
    old_root, new_root = root_by_definition(leaves[:old]), root_by_definition(leaves)
    assert merkle.is_consistent(old, len(leaves), old_root, new_root, proof)
    if old:
        forged = [merkle.leaf_hash(b"forged"), *leaves[1:]]
        forged_proof = merkle.consistency_proof(old, len(leaves), subtree_of(forged))
        assert not merkle.is_consistent(old, len(leaves), old_root, root_by_definition(forged), forged_proof)
    assert not merkle.is_consistent(old, len(leaves), merkle.leaf_hash(b"other"), new_root, proof)
    assert not merkle.is_consistent(old, len(leaves), old_root, merkle.leaf_hash(b"other"), proof) or old == 0
    assert not merkle.is_consistent(len(leaves) + 1, len(leaves), old_root, new_root, proof)


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="not in the tree"):
        merkle.inclusion_proof(3, 3, subtree_of(LEAVES))
    with pytest.raises(ValueError, match="only grows"):
        merkle.consistency_proof(4, 3, subtree_of(LEAVES))
    with pytest.raises(ValueError, match="one hash for each"):
        merkle.Frontier.from_bytes(3, b"\0" * 32)
