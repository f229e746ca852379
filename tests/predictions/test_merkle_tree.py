"""The tree over the ledger's leaves: RFC 6962 to the letter, and nothing else taken for it."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions import merkle
from predictions.merkle import Frontier

# The leaves and figures with which implementations of Certificate Transparency are compared (merkle_tree_test).
REFERENCE_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
REFERENCE = [merkle.leaf_hash(bytes.fromhex(content)) for content in REFERENCE_LEAVES]
REFERENCE_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
REFERENCE_INCLUSIONS = [
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
REFERENCE_CONSISTENCIES = [
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

LARGEST = 300
LEAVES = [merkle.leaf_hash(str(k).encode()) for k in range(LARGEST)]
SUBTREE = merkle.over(LEAVES)
ROOTS = [merkle.EMPTY_ROOT, *(SUBTREE(0, size) for size in range(1, LARGEST + 1))]
SIZES = st.integers(1, LARGEST)


@cache
def as_written(start, stop):
    """Section 2.1 as it stands: MTH(D[n]) = H(1 || MTH(D[0:k]) || MTH(D[k:n])), k the largest power of two below n."""
    if stop - start == 1:
        return LEAVES[start]
    k = 1
    while 2 * k < stop - start:
        k *= 2
    return merkle.node_hash(as_written(start, start + k), as_written(start + k, stop))


def path_as_written(m, start, stop):
    """Section 2.1.1."""
    if stop - start == 1:
        return []
    k = 1
    while 2 * k < stop - start:
        k *= 2
    if m < k:
        return [*path_as_written(m, start, start + k), as_written(start + k, stop)]
    return [*path_as_written(m - k, start + k, stop), as_written(start, start + k)]


def subproof_as_written(m, start, stop, is_known):
    """Section 2.1.2."""
    if m == stop - start:
        return [] if is_known else [as_written(start, stop)]
    k = 1
    while 2 * k < stop - start:
        k *= 2
    if m <= k:
        return [*subproof_as_written(m, start, start + k, is_known), as_written(start + k, stop)]
    return [*subproof_as_written(m - k, start + k, stop, False), as_written(start, start + k)]


def flips(content):
    """Every way to turn one bit over."""
    number = int.from_bytes(content)
    return [(number ^ 1 << bit).to_bytes(len(content)) for bit in range(8 * len(content))]


def with_a_flip(hashes):
    for k, each in enumerate(hashes):
        for other in flips(each):
            yield [*hashes[:k], other, *hashes[k + 1 :]]


# --- the roots ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_certificate_transparency(size):
    assert merkle.root(REFERENCE[:size]).hex() == REFERENCE_ROOTS[size]


def test_the_empty_root_is_the_hash_of_nothing():
    assert merkle.root([]) == Frontier().root == merkle.EMPTY_ROOT == bytes.fromhex(REFERENCE_ROOTS[0])


def test_roots_of_every_size_are_as_the_standard_writes_them():
    frontier = Frontier()
    for size, leaf in enumerate(LEAVES, 1):
        frontier = frontier.append(leaf)
        assert (frontier.size, frontier.root) == (size, as_written(0, size))
        assert merkle.root(LEAVES[:size]) == SUBTREE(0, size) == frontier.root


@given(st.lists(SIZES, max_size=6))
def test_a_frontier_grows_alike_by_whatever_steps(stops):
    frontier = Frontier()
    for stop in sorted(stops):
        frontier = frontier.extend(LEAVES[frontier.size : stop])
    assert frontier == Frontier().extend(LEAVES[: frontier.size])
    assert Frontier.read(frontier.size, bytes(frontier)) == frontier
    assert len(bytes(frontier)) == 32 * frontier.size.bit_count()


@pytest.mark.parametrize(
    ("size", "hashes"),
    [
        (-1, ()),
        (0, (bytes(32),)),
        (1, ()),
        (1, (bytes(31),)),
        (1, (bytes(33),)),
        (3, (bytes(32),)),
        (4, (bytes(32),) * 2),
    ],
)
def test_hashes_that_do_not_fit_the_size_are_no_frontier(size, hashes):
    with pytest.raises(ValueError, match="frontier"):
        Frontier(size, hashes)
    with pytest.raises(ValueError, match="frontier"):
        Frontier.read(size, b"".join(hashes))


@pytest.mark.parametrize(
    "steps", [(70_000,), (255, 1, 65_279, 1, 4_464), (256,) * 273 + (112,)], ids=["once", "few", "many"]
)
def test_each_tile_is_told_once_when_it_fills(steps):
    leaves = [bytes([k % 251]) * 32 for k in range(70_000)]
    frontier, told = Frontier(), {1: [], 2: []}
    for step in steps:
        frontier, filled = frontier.grow(leaves[frontier.size : frontier.size + step])
        for level, roots in filled.items():
            told[level] += roots
    tiles = [merkle.root(leaves[start : start + 256]) for start in range(0, 69_888, 256)]
    assert told == {1: tiles, 2: [merkle.root(leaves[:65_536])]}


# --- the proofs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("index", "size", "proof"), REFERENCE_INCLUSIONS)
def test_inclusion_proofs_are_those_of_certificate_transparency(index, size, proof):
    given_proof, root = [bytes.fromhex(each) for each in proof], bytes.fromhex(REFERENCE_ROOTS[size])
    assert merkle.inclusion_proof(index, size, merkle.over(REFERENCE)) == given_proof
    assert merkle.verify_inclusion(index, size, REFERENCE[index], given_proof, root)


@pytest.mark.parametrize(("old_size", "size", "proof"), REFERENCE_CONSISTENCIES)
def test_consistency_proofs_are_those_of_certificate_transparency(old_size, size, proof):
    given_proof = [bytes.fromhex(each) for each in proof]
    old_root, root = (bytes.fromhex(REFERENCE_ROOTS[each]) for each in (old_size, size))
    assert merkle.consistency_proof(old_size, size, merkle.over(REFERENCE)) == given_proof
    assert merkle.verify_consistency(old_size, size, given_proof, old_root, root)


def test_every_inclusion_in_every_tree_up_to_300_is_proved():  # 45,150 proofs
    for size in range(1, LARGEST + 1):
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, SUBTREE)
            assert merkle.verify_inclusion(index, size, LEAVES[index], proof, ROOTS[size]), (index, size)


def test_every_growth_of_every_tree_up_to_300_is_proved():  # 45,450 proofs
    for size in range(LARGEST + 1):
        for old in range(size + 1):
            proof = merkle.consistency_proof(old, size, SUBTREE)
            assert merkle.verify_consistency(old, size, proof, ROOTS[old], ROOTS[size]), (old, size)


@given(SIZES, st.data())
def test_proofs_are_as_the_standard_writes_them(size, data):
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    assert merkle.inclusion_proof(index, size, SUBTREE) == path_as_written(index, 0, size)
    assert merkle.consistency_proof(old, size, SUBTREE) == subproof_as_written(old, 0, size, True)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3), (9, 3), (0, -1)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index, size):
    with pytest.raises(ValueError, match="have none"):
        merkle.inclusion_proof(index, size, SUBTREE)
    assert not merkle.verify_inclusion(index, size, LEAVES[0], [], LEAVES[0])


@pytest.mark.parametrize(("old_size", "size"), [(4, 3), (-1, 3), (1, 0)])
def test_there_is_no_proof_of_a_tree_that_shrank(old_size, size):
    with pytest.raises(ValueError, match="precede"):
        merkle.consistency_proof(old_size, size, SUBTREE)
    assert not merkle.verify_consistency(old_size, size, [], LEAVES[0], LEAVES[0])


# --- what is refused ---------------------------------------------------------------------------------------------


def test_an_inclusion_with_one_bit_turned_is_refused_in_every_tree_up_to_16():
    for size in range(1, 17):
        for index in range(size):
            sound = [LEAVES[index], ROOTS[size], *merkle.inclusion_proof(index, size, SUBTREE)]
            for leaf, root, *proof in with_a_flip(sound):
                assert not merkle.verify_inclusion(index, size, leaf, proof, root)


def test_a_growth_with_one_bit_turned_is_refused_in_every_tree_up_to_16():
    for size in range(1, 17):
        for old in range(1, size + 1):
            sound = [ROOTS[old], ROOTS[size], *merkle.consistency_proof(old, size, SUBTREE)]
            for old_root, root, *proof in with_a_flip(sound):
                assert not merkle.verify_consistency(old, size, proof, old_root, root)


@given(st.integers(17, LARGEST), st.data())
def test_one_bit_turned_is_refused_in_larger_trees(size, data):
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    inclusion = [LEAVES[index], ROOTS[size], *merkle.inclusion_proof(index, size, SUBTREE)]
    growth = [ROOTS[old], ROOTS[size], *merkle.consistency_proof(old, size, SUBTREE)]
    for sound in (inclusion, growth):
        place, bit = data.draw(st.integers(0, len(sound) - 1)), data.draw(st.integers(0, 255))
        sound[place] = flips(sound[place])[bit]
    leaf, root, *proof = inclusion
    assert not merkle.verify_inclusion(index, size, leaf, proof, root)
    old_root, root, *proof = growth
    assert not merkle.verify_consistency(old, size, proof, old_root, root)


def test_a_leaf_is_proved_at_no_other_place():
    for size in range(1, 33):
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, SUBTREE)
            taken = [
                k for k in range(-1, size + 2) if merkle.verify_inclusion(k, size, LEAVES[index], proof, ROOTS[size])
            ]
            assert taken == [index]


def wrong_lengths(proof):
    return [[*proof, bytes(32)], [bytes(32), *proof], proof[:-1], proof[1:], [*proof[:-1], proof[-1] + b"\0"], []]


@pytest.mark.parametrize("size", [2, 3, 7, 8, 100, 256, 257])
def test_a_proof_with_more_or_less_than_it_should_have_is_refused(size):
    for index in range(size):
        for proof in wrong_lengths(merkle.inclusion_proof(index, size, SUBTREE)):
            assert not merkle.verify_inclusion(index, size, LEAVES[index], proof, ROOTS[size])
    for old in range(1, size):
        for proof in wrong_lengths(merkle.consistency_proof(old, size, SUBTREE)):
            assert not merkle.verify_consistency(old, size, proof, ROOTS[old], ROOTS[size])


def test_bytes_cannot_move_from_one_hash_to_its_neighbour():
    leaf, other = LEAVES[:2]
    assert merkle.verify_inclusion(0, 2, leaf, [other], ROOTS[2])
    assert not merkle.verify_inclusion(0, 2, leaf + other[:1], [other[1:]], ROOTS[2])
    assert not merkle.verify_inclusion(0, 2, leaf[:-1], [leaf[-1:] + other], ROOTS[2])


def test_every_ledger_grew_from_the_empty_one_and_needs_no_proof_of_it():
    assert merkle.consistency_proof(0, 5, SUBTREE) == []
    assert merkle.verify_consistency(0, 5, [], merkle.EMPTY_ROOT, ROOTS[5])
    assert not merkle.verify_consistency(0, 5, [], ROOTS[1], ROOTS[5])
    assert not merkle.verify_consistency(0, 5, [ROOTS[1]], merkle.EMPTY_ROOT, ROOTS[5])


def test_a_history_written_anew_has_no_proof():
    """What the older tree saw differs in one leaf: no proof of the new tree joins the two."""
    rewritten = [*LEAVES[:3], LEAVES[200], *LEAVES[4:20]]
    anew = merkle.over(rewritten)
    for old in range(4, 20):
        proof = merkle.consistency_proof(old, 20, anew)
        assert not merkle.verify_consistency(old, 20, proof, ROOTS[old], anew(0, 20))
