"""XML in pieces is the XML of the whole."""

from __future__ import annotations

import io
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from stancewire.exporters.xml_file import PIECE, XmlFile


def test_pieces_make_one_well_formed_file() -> None:
    written = io.BytesIO()
    xml = XmlFile(written.write)
    with xml.inside("graph", {"xmlns": "urn:x", "name": 'a "b" <&>\n'}), xml.inside("nodes"):
        for number in range(3):
            node = Element("node", {"id": f"<{number}>"})
            SubElement(node, "data").text = "ä & b"
            xml.add(node)
    xml.flush()
    root = fromstring(written.getvalue())
    assert root.get("name") == 'a "b" <&>\n'
    assert [node.get("id") for node in root.iter("{urn:x}node")] == ["<0>", "<1>", "<2>"]
    assert [data.text for data in root.iter("{urn:x}data")] == ["ä & b"] * 3
    assert written.getvalue().startswith(b"<?xml version='1.0' encoding='utf-8'?>\n<graph ")


def test_a_part_is_put_where_it_belongs() -> None:
    part, whole = io.BytesIO(), io.BytesIO()
    inner = XmlFile(part.write, depth=1)
    inner.add(Element("node"))
    inner.flush()
    xml = XmlFile(whole.write)
    with xml.inside("nodes"):
        xml.copy(part)
    xml.flush()
    assert whole.getvalue().endswith(b"\n<nodes>\n  <node />\n</nodes>\n")


def test_much_is_written_on_the_way() -> None:
    sizes: list[int] = []
    xml = XmlFile(lambda data: sizes.append(len(data)))
    node = Element("node", {"id": "x" * (PIECE // 4)})
    with xml.inside("nodes"):
        for _ in range(9):
            xml.add(node)
        assert len(sizes) == 2
    xml.flush()
    assert sum(sizes) > 9 * len(tostring(node))
