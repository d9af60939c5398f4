"""The table of public sets: where each is, under which licence, what converts it, and which rows are expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stancewire.errors import ConfigError
from stancewire.public_sets.argkp import convert_argkp
from stancewire.public_sets.converted import Converter
from stancewire.public_sets.dse import convert_dse
from stancewire.public_sets.gwsd import convert_gwsd
from stancewire.public_sets.iam import convert_iam
from stancewire.public_sets.newsmtsc import convert_newsmtsc
from stancewire.public_sets.perspectrum import convert_perspectrum
from stancewire.public_sets.polnear import convert_polnear
from stancewire.public_sets.vast import convert_vast


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """How many rows a part has, and the sha256 of its .jsonl.gz, as the models here were trained and measured on."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSet:
    """A public data set; `repository` on GitHub, `convert` None where the files aren't to be had from one.

    `tests` are parts that can be built to measure on; nothing here was trained, chosen or tuned on them.
    """

    name: str
    what: str
    licence: str
    parts: Mapping[str, Expected]
    repository: str | None = None
    convert: Converter | None = None
    tests: tuple[str, ...] = ()
    why_not: str = ""


def find_set(name: str) -> PublicSet:
    """Return the set of this name; raises ConfigError naming those that are known."""
    found = next((one for one in SETS if one.name == name), None)
    if found is None:
        raise ConfigError(f"no public set {name!r}; known: {', '.join(one.name for one in SETS)}")
    return found


SETS = (
    PublicSet(
        name="dse",
        what="who is positive or negative on whom, news sentences",
        licence="open: cite the paper",
        parts={
            "train": Expected(
                rows=12_340, sha256="ba6a2c3b173927e335bb1884b92fba985169fe10e0dfb941e7a74ebc7ecec837"
            ),
            "dev": Expected(
                rows=1_418, sha256="ee271c7155dbacd645b36b7021f5a2078d44e6f57df64446ba5a388acaac6242"
            ),
        },
        repository="bywords/directed_sentiment_analysis",
        convert=convert_dse,
        tests=("test",),
    ),
    PublicSet(
        name="newsmtsc",
        what="sentiment towards a target, political news",
        licence="MIT",
        parts={
            "train": Expected(
                rows=8_739, sha256="bf84814870bb5abe6140aa3bb7dfa56200f2eede6ba705697b553759d3c0d3cc"
            ),
        },
        repository="fhamborg/NewsMTSC",
        convert=convert_newsmtsc,
        tests=("devtest_rw", "devtest_mt"),
    ),
    PublicSet(
        name="vast",
        what="stance of comments on many topics",
        licence="unstated",
        parts={
            "train": Expected(
                rows=13_477, sha256="b61c5d8c94a6e47fd4663e9d6b08c1b1aa6ffc86997145d77c18e1911e0ce7f0"
            ),
            "dev": Expected(
                rows=2_062, sha256="2992609058309128e295970c8ad49b3f7bf67b282cbd4e0b636b04d20f71a2b0"
            ),
        },
        repository="emilyallaway/zero-shot-stance",
        convert=convert_vast,
        tests=("test",),
    ),
    PublicSet(
        name="iam",
        what="claims on debate topics",
        licence="unstated",
        parts={
            "train": Expected(
                rows=3_871, sha256="9757ddb0735c2bc98f636f168e09a56245c73eab69cedc3eb8977132ca904068"
            ),
            "dev": Expected(
                rows=492, sha256="85fa902f0c4f858de2c4785c9eb9f08f684d3b4b8aff1aab04e524466b274fda"
            ),
        },
        repository="LiyingCheng95/IAM",
        convert=convert_iam,
        tests=("test",),
    ),
    PublicSet(
        name="ibm_argkp",
        what="arguments on motions",
        licence="CDLA-Sharing 1.0",
        parts={
            "train": Expected(
                rows=5_583, sha256="0c0a4380077c4e47fb8514a8cfa2d82153bef61c329bc8f642ace5a9a55d6f57"
            ),
            "dev": Expected(
                rows=932, sha256="58a4ac6e4cd0146993409bcf42e3b7dda6516845839c91be87a702ada73bb7cb"
            ),
        },
        repository="IBM/KPA_2021_shared_task",
        convert=convert_argkp,
        tests=("test",),
    ),
    PublicSet(
        name="perspectrum",
        what="perspectives on claims",
        licence="CC BY-SA 4.0",
        parts={
            "train": Expected(
                rows=6_978, sha256="b8972d1e361b137a23bbbc2e12433e1215242f1d6bfce37774434303c68859de"
            ),
            "dev": Expected(
                rows=2_071, sha256="071b84c28a9e76a006c7bd03ab2536ba4a9e3f02c34aa6ea88b6bc4c476425b2"
            ),
        },
        repository="CogComp/perspectrum",
        convert=convert_perspectrum,
        tests=("test",),
    ),
    PublicSet(
        name="gwsd",
        what="stance distributions, climate news",
        licence="unstated",
        parts={
            "train": Expected(
                rows=1_850, sha256="882095faa1303d152e2370a99ee83d495246c64bedcfa7d058a520655777b465"
            ),
        },
        repository="yiweiluo/GWStance",
        convert=convert_gwsd,
    ),
    PublicSet(
        name="polnear",
        what="attribution in news articles",
        licence="unstated",
        parts={
            "train": Expected(
                rows=840, sha256="f2cbe19aa5e2bd7b0e9e3349c0e231a5a4673ffbf6dedf36bb96eef104a55820"
            ),
            "dev": Expected(
                rows=84, sha256="ec41f7a052cda51867afcb213d048ce1433f9d2655bdafde1bb16124746faf47"
            ),
        },
        repository="networkdynamics/PolNeAR",
        convert=convert_polnear,
        tests=("test",),
    ),
    PublicSet(
        name="pstance",
        what="tweets on candidates",
        licence="MIT; data on request",
        parts={
            "train": Expected(
                rows=17_224, sha256="da3be182658913afb95fd8a5642be701de2da1236cf410c28b90a5627860f52d"
            ),
        },
        repository="chuchun8/PStance",
        why_not="the authors hand the data out on request",
    ),
    PublicSet(
        name="mtsd",
        what="tweets on two candidates",
        licence="MIT (unconfirmed)",
        parts={
            "train": Expected(
                rows=12_476, sha256="f5fc50b6903c906742869f6e6126c87e415fbf45bb1ea65800f7f4ffcd22852d"
            ),
        },
        why_not="no repository of the authors' is known to have it",
    ),
    PublicSet(
        name="nli",
        what="natural language inference, eight sources",
        licence="per source; SICK non-commercial",
        parts={
            "train": Expected(
                rows=119_692, sha256="e11b03c5ed00e9fac2808aa2033d0ba223466daac3447fd344e484b5091f31bc"
            ),
            "dev": Expected(
                rows=7_371, sha256="84b358aa40e79f832a9fad16a43074586502bd12e9590a1e78e8d9fcbeb2ae8f"
            ),
        },
        why_not="eight sources, each with a site of its own",
    ),
    PublicSet(
        name="tehran_times",
        what="news articles",
        licence="CC BY 4.0",
        parts={
            "tehran_times_load": Expected(
                rows=9_654, sha256="fff50af7c3d02359c0a11313fc75ebc3e1a7bfe702472d3461a72011cf2ced94"
            ),
            "tehran_times_afghanistan": Expected(
                rows=847, sha256="76bfea24252a7c2f3d8cecc77a032f58df46848b6297045620b2f6d6630608eb"
            ),
        },
        why_not="articles of a news site, found by their numbers",
    ),
    PublicSet(
        name="html_pages",
        what="saved pages of news outlets with what stands on them",
        licence="MIT; pages are third-party",
        parts={},
        repository="flairNLP/fundus",
        why_not="the pages are read as they are",
    ),
    PublicSet(
        name="warc",
        what="small, odd and damaged web archives",
        licence="Apache-2.0",
        parts={},
        why_not="the archives are read as they are",
    ),
)
