"""Random sequences of what happens to the libraries, here and at ADS.

`Sequence` is a hypothesis state machine; how a sync is cut is for its subclasses to say.
"""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from harvest import library_sync
from harvest.ads.client import AdsClient
from harvest.library_sync import Options
from harvest.models import BlocklistEntry
from harvest.refresh import refresh_papers
from publications.models import Library, Paper, TagAssignment
from publications.models.history import delete_with_history
from tests.ads_sandbox import AdsSandbox
from tests.factories import PaperFactory, TagFactory

PAPERS = [f"2020arXiv20010000{n}P" for n in range(1, 4)]
BLOCKS = [f"2020arXiv20020000{n}B" for n in range(1, 3)]
STRANGERS = [f"2020arXiv20030000{n}S" for n in range(1, 3)]
# Never removed, so that no list is ever empty: that would wait for a person.
ANCHOR_PAPER, ANCHOR_BLOCK = "2010A&A...540A...1P", "2010A&A...540A...1B"

# Each kind of library once: the others would only make it slower.
OURS = ("olbin-refereed", "tag-olbin VLTI")
LIBRARIES = frozenset({*OURS, "olbin-blocklist"})

papers, blocks, strangers = (st.sampled_from(pool) for pool in (PAPERS, BLOCKS, STRANGERS))

ours, libraries = st.sampled_from(OURS), st.sampled_from(sorted(LIBRARIES))
drops = st.sampled_from(["drop_before", "drop_after"])


class Sequence(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.sandbox = AdsSandbox().__enter__()
        self.client = AdsClient.at(self.sandbox.url, "token", sleep=lambda seconds: None, timeout=(2, 5))
        for bibcode in [*PAPERS, *BLOCKS, *STRANGERS, ANCHOR_PAPER, ANCHOR_BLOCK]:
            self.sandbox.add(bibcode)
        self.tag = TagFactory(name="VLTI")
        PaperFactory(bibcode=ANCHOR_PAPER, tags=[self.tag])
        BlocklistEntry.objects.create(bibcode=ANCHOR_BLOCK, reason="duplicate")
        # What people did to the blocklist since the last clean sync: bibcode → side → blocked or not.
        self.edits = {}
        # What somebody changed at ADS in libraries of ours: name of the library → bibcodes.
        self.foreign = {name: set() for name in OURS}

    def teardown(self):
        try:
            self.sync()
            self.overwrite()
            self.sandbox.calls.clear()
            self.sync()
            assert self.sandbox.writes() == []
        finally:
            self.sandbox.__exit__()

    def present(self, bibcode):
        return self.sandbox.corpus.find(bibcode).bibcode

    def same(self, bibcodes):
        """Present bibcodes, so that names of one paper compare as equal."""
        return {self.present(bibcode) for bibcode in bibcodes}

    def library(self, name):
        """The library at ADS that is bound to ours of this name, or None."""
        row = Library.objects.filter(name=name).first()
        return row and self.sandbox.libraries.known.get(row.ads_id)

    def entry(self, bibcode):
        names = self.sandbox.corpus.find(bibcode).identifiers
        return BlocklistEntry.objects.filter(bibcode__in=names).first()

    # --- what people do

    @rule(bibcode=papers)
    def add_paper(self, bibcode):
        names = self.sandbox.corpus.find(bibcode).identifiers
        if not Paper.objects.filter(identifiers__value__in=names).exists():
            PaperFactory(bibcode=self.present(bibcode))

    @rule(bibcode=papers)
    def change_tag(self, bibcode):
        paper = Paper.objects.filter(identifiers__value=bibcode).first()
        if paper is None:
            return
        given = TagAssignment.objects.filter(paper=paper, tag=self.tag)
        if not given.delete()[0]:
            TagAssignment.objects.create(paper=paper, tag=self.tag)

    @rule(bibcode=papers)
    def call_not_refereed(self, bibcode):
        Paper.objects.filter(identifiers__value=bibcode).update(refereed=False)

    @rule(bibcode=blocks)
    def block_here(self, bibcode):
        if self.entry(bibcode) is None:
            BlocklistEntry.objects.create(bibcode=self.present(bibcode), reason="duplicate")
            self.edits.setdefault(bibcode, {})["here"] = True

    @rule(bibcode=blocks)
    def unblock_here(self, bibcode):
        if entry := self.entry(bibcode):
            delete_with_history([entry])
            self.edits.setdefault(bibcode, {})["here"] = False

    @rule(bibcode=blocks)
    def block_there(self, bibcode):
        self.edit_there("olbin-blocklist", bibcode, True)

    @rule(bibcode=blocks)
    def unblock_there(self, bibcode):
        self.edit_there("olbin-blocklist", bibcode, False)

    @rule(bibcode=papers)
    def block_a_paper_of_ours_there(self, bibcode):
        if Paper.objects.filter(identifiers__value=bibcode).exists():
            self.edit_there("olbin-blocklist", bibcode, True)

    @rule(name=ours, bibcode=st.one_of(papers, strangers), add=st.booleans())
    def edit_our_library_there(self, name, bibcode, add):
        if self.edit_there(name, bibcode, add):
            self.foreign[name].add(bibcode)

    @rule(name=libraries)
    def rename_library_at_ads(self, name):
        if library := self.library(name):
            library.name = f"renamed: {name}"

    def edit_there(self, name, bibcode, add):
        """Whether somebody changed a library at ADS."""
        library = self.library(name)
        names = self.sandbox.corpus.find(bibcode).identifiers
        if library is None or (bool(set(names) & set(library.bibcodes)) is add):
            return False
        library.bibcodes = [code for code in library.bibcodes if code not in names]
        library.bibcodes += [self.present(bibcode)] if add else []
        if name == "olbin-blocklist" and bibcode in BLOCKS:
            self.edits.setdefault(bibcode, {})["there"] = add
        return True

    @rule(bibcode=st.one_of(papers, blocks))
    def rename_at_ads(self, bibcode):
        if self.present(bibcode) == bibcode:
            self.sandbox.corpus.publish(bibcode, f"2021A&A...64{bibcode[-7]}A...{bibcode[-2:]}")

    @rule()
    def follow_renamed_papers(self):
        refresh_papers(self.client)

    # --- syncs

    @rule(kind=drops, call=st.integers(0, 12))
    def cut_sync_at_a_call(self, kind, call):
        self.cut(kind, "", call)

    @rule(kind=drops, call=st.integers(0, 3))
    def cut_sync_at_a_write(self, kind, call):
        self.cut(kind, "biblib/documents", call)

    @rule()
    def sync(self):
        library_sync.sync_libraries(self.client, options=Options(only=LIBRARIES))
        self.check_blocklist()
        self.check_ours()
        self.edits.clear()

    def overwrite(self):
        options = Options(only=LIBRARIES, overwrite=LIBRARIES - {"olbin-blocklist"})
        library_sync.sync_libraries(self.client, options=options)
        self.foreign = {name: set() for name in OURS}
        self.check_ours()

    def check_blocklist(self):
        here = self.same(BlocklistEntry.objects.values_list("bibcode", flat=True))
        there = self.same(self.library("olbin-blocklist").bibcodes)
        # A paper of ours that somebody blocked at ADS waits for a person.
        assert here == there - self.same(Paper.objects.values_list("bibcode", flat=True))
        for bibcode, edits in self.edits.items():
            # Where one side only was edited, or both alike, it is clear what people want.
            if len(set(edits.values())) == 1:
                assert (self.present(bibcode) in here) is edits.popitem()[1]

    def check_ours(self):
        wanted = Paper.objects.filter(refereed=True), Paper.objects.tagged_with_all([self.tag])
        for name, of_papers in zip(OURS, wanted, strict=True):
            held = self.same(self.library(name).bibcodes)
            differ = held ^ self.same(of_papers.values_list("bibcode", flat=True))
            assert differ <= self.same(self.foreign[name])

    @invariant()
    def no_library_is_made_twice(self):
        names = [library.name for library in self.sandbox.libraries.known.values()]
        assert len(names) == len(set(names))
