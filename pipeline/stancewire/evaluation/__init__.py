"""Scoring stance records, classified rows and directed stance against gold, and showing the scores."""

from stancewire.evaluation.answers import Answer, ClassifiedRow, ClassifiedScores, score_classified
from stancewire.evaluation.charts import calibration_svg, confusion_svg
from stancewire.evaluation.compare import Comparison, compare_classified, compare_records
from stancewire.evaluation.directed import DirectedRow, DirectedScores, dse_label, score_dse
from stancewire.evaluation.files import Grouping, compare_files, evaluate_files
from stancewire.evaluation.gold import GoldRecord, GoldSet, read_gold
from stancewire.evaluation.groups import By
from stancewire.evaluation.paired import Resampling
from stancewire.evaluation.records import RecordScores, score_records
from stancewire.evaluation.render import Scores, as_json, as_markdown, as_text

__all__ = [
    "Answer",
    "By",
    "ClassifiedRow",
    "ClassifiedScores",
    "Comparison",
    "DirectedRow",
    "DirectedScores",
    "GoldRecord",
    "GoldSet",
    "Grouping",
    "RecordScores",
    "Resampling",
    "Scores",
    "as_json",
    "as_markdown",
    "as_text",
    "calibration_svg",
    "compare_classified",
    "compare_files",
    "compare_records",
    "confusion_svg",
    "dse_label",
    "evaluate_files",
    "read_gold",
    "score_classified",
    "score_dse",
    "score_records",
]
