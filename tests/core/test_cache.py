from __future__ import annotations

from dataclasses import replace

from hubtui.core.cache import CachedFile, CachedRepo, CachedRevision, plan_deletion

_OLD, _NEW = "a" * 40, "b" * 40
_CARD, _FIRST, _SECOND, _STRAY = "1" * 40, "2" * 64, "3" * 64, "4" * 64
_REPO = CachedRepo(
    "a/b",
    (
        CachedRevision(
            _NEW,
            ("main", "refs/pr/1"),
            (CachedFile("README.md", 10, _CARD), CachedFile("w", 200, _SECOND), CachedFile("copy", 200, _SECOND)),
        ),
        CachedRevision(
            _OLD,
            ("v1",),
            (CachedFile("README.md", 10, _CARD), CachedFile("w", 100, _FIRST), CachedFile("built.so", 7)),
        ),
    ),
    {_CARD: 10, _FIRST: 100, _SECOND: 200, _STRAY: 1_000},
    {f"{_STRAY}.incomplete": 5},
)


def test_a_revision_counts_a_blob_once_however_often_it_links_to_it() -> None:
    assert [revision.size_bytes for revision in _REPO.revisions] == [210, 117]
    assert _REPO.size_bytes == 10 + 100 + 200 + 1_000 + 5 + 7


def test_deleting_a_revision_keeps_what_another_one_uses() -> None:
    plan = plan_deletion(_REPO, [_OLD])
    assert (plan.commits, plan.refs, plan.blobs) == ((_OLD,), ("v1",), (_FIRST,))
    assert (plan.freed_bytes, plan.kept_bytes, plan.is_whole) == (107, 10, False)
    assert plan.partials == ()
    assert plan.sentence == "Deleting 1 revision of a/b (v1) frees 107 B; 10 B stay for other revisions."


def test_deleting_the_last_revision_takes_everything_along() -> None:
    for plan in (plan_deletion(_REPO), plan_deletion(_REPO, [_OLD, _NEW])):
        assert plan.is_whole
        assert set(plan.blobs) == set(_REPO.blobs)
        assert plan.freed_bytes == _REPO.size_bytes
        assert plan.sentence.endswith("all of it.")


def test_beginnings_alone_can_be_deleted_and_an_unknown_revision_deletes_nothing() -> None:
    begun = replace(_REPO, revisions=())
    assert plan_deletion(begun).is_whole
    for plan in (plan_deletion(begun, []), plan_deletion(_REPO, ["c" * 40])):
        assert (plan.commits, plan.blobs, plan.freed_bytes, plan.is_whole) == ((), (), 0, False)
