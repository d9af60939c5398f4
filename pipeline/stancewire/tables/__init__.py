"""Roll-ups of a run's records: who stands where, who quotes whom, who moved; counted by a stated rule."""

from stancewire.tables.contradictions import Rule
from stancewire.tables.formats import Format, format_of, print_as, write_as
from stancewire.tables.intervals import Bootstrap
from stancewire.tables.periods import Period
from stancewire.tables.roll_up import Order, RollUp, roll_up
from stancewire.tables.selection import Selection, topic_ids
from stancewire.tables.stances import Counting
from stancewire.tables.table import Table

__all__ = [
    "Bootstrap",
    "Counting",
    "Format",
    "Order",
    "Period",
    "RollUp",
    "Rule",
    "Selection",
    "Table",
    "format_of",
    "print_as",
    "roll_up",
    "topic_ids",
    "write_as",
]
