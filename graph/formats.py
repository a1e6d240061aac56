"""Writing a graph to files that other programs read: GraphML, GEXF, JSON (node-link), Cytoscape and KGX.

All carry how many records the graph rests on: GraphML, JSON and Cytoscape as attributes of the graph, GEXF in
the description, KGX in a file beside its tables. The same graph gives the same bytes.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree

import networkx
from networkx.readwrite.gexf import GEXFWriter

from graph.biolink import kgx_files
from graph.errors import CannotWrite, UnknownFormat

# What XML 1.0 can't hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _xml_graph(graph: networkx.MultiDiGraph[str]) -> networkx.MultiDiGraph[str]:
    """A copy fit for XML: each edge has an `edge_id` of its own, and no text holds a control character."""
    copy: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(**_clean(graph.graph))
    copy.add_nodes_from((_text(node), _clean(attributes)) for node, attributes in graph.nodes(data=True))
    for subject, target, key, attributes in graph.edges(keys=True, data=True):
        identifier = _text(f"{subject}|{key}|{target}")
        copy.add_edge(_text(subject), _text(target), key=key, edge_id=identifier, **_clean(attributes))
    return copy


def _clean(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _text(value) if isinstance(value, str) else value for name, value in attributes.items()}


def _text(value: str) -> str:
    return _NOT_XML.sub("\ufffd", value)


def _graphml(graph: networkx.MultiDiGraph[str]) -> dict[str, bytes]:
    stream = io.BytesIO()
    networkx.write_graphml_xml(
        _xml_graph(graph), stream, named_key_ids=True, edge_id_from_attribute="edge_id"
    )
    return {"": stream.getvalue() + b"\n"}


def _gexf(graph: networkx.MultiDiGraph[str]) -> dict[str, bytes]:
    copy = _xml_graph(graph)
    for _, _, attributes in copy.edges(data=True):
        attributes["id"] = attributes["edge_id"]
        attributes["label"] = attributes["predicate"]
    writer = GEXFWriter(version="1.2draft")
    writer.add_graph(copy)
    space = {"gexf": "http://www.gexf.net/1.2draft"}
    meta = writer.xml.find("meta")
    if meta is None:
        meta = writer.xml.find("gexf:meta", space)
    assert meta is not None, "networkx writes a meta element into every GEXF file"
    meta.attrib.pop("lastmodifieddate", None)  # the day of writing is no content
    description = ElementTree.SubElement(meta, "description")
    description.text = "; ".join(f"{name}: {value}" for name, value in sorted(copy.graph.items()))
    return {
        "": b"<?xml version='1.0' encoding='utf-8'?>\n" + ElementTree.tostring(writer.xml, "utf-8") + b"\n"
    }


def _json(graph: networkx.MultiDiGraph[str]) -> dict[str, bytes]:
    return {"": _dump(networkx.node_link_data(graph, edges="edges"))}


def _cytoscape(graph: networkx.MultiDiGraph[str]) -> dict[str, bytes]:
    data = networkx.cytoscape_data(graph, name="label")
    data["data"] = dict(graph.graph)
    for edge in data["elements"]["edges"]:
        values = edge["data"]
        values["id"] = f"{values['source']}|{values['key']}|{values['target']}"
    return {"": _dump(data)}


def _dump(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


_WRITERS: Mapping[str, Callable[[networkx.MultiDiGraph[str]], dict[str, bytes]]] = {
    "graphml": _graphml,
    "gexf": _gexf,
    "json": _json,
    "cytoscape": _cytoscape,
    "kgx": kgx_files,
}
FORMATS = tuple(_WRITERS)


def graph_files(graph: networkx.MultiDiGraph[str], file_format: str) -> dict[str, bytes]:
    """Return the files of an export by what their names add to the chosen one (one file: nothing, "").

    Raises
    ------
    UnknownFormat
        The format is none of `FORMATS`.
    """
    if file_format not in _WRITERS:
        raise UnknownFormat(file_format, FORMATS)
    return _WRITERS[file_format](graph)


def write_graph(
    graph: networkx.MultiDiGraph[str], target: Path | str | IO[bytes], file_format: str
) -> tuple[Path, ...]:
    """Write `graph` to a file or a binary stream, and return the paths written.

    KGX needs several files. For `--output spine.tsv` (or `spine`) they are `spine_nodes.tsv`,
    `spine_edges.tsv` and `spine_metadata.json`; in an existing folder `nodes.tsv`, `edges.tsv` and
    `metadata.json`; into a stream they go as one zip archive.

    Raises
    ------
    UnknownFormat
        The format is none of `FORMATS`.
    CannotWrite
        The folder is missing or may not be written.
    """
    contents = graph_files(graph, file_format)
    if not isinstance(target, Path | str):
        target.write(contents[""] if "" in contents else _zip(contents))
        return ()
    paths = {_path(Path(target), ending): content for ending, content in contents.items()}
    for path, content in paths.items():
        try:
            path.write_bytes(content)
        except OSError as error:
            raise CannotWrite(path, error.strerror or str(error)) from error
    return tuple(paths)


def _path(target: Path, ending: str) -> Path:
    if not ending:
        return target
    if target.is_dir():
        return target / ending.removeprefix("_")
    base = target.with_suffix("") if target.suffix in (".tsv", ".kgx") else target
    return base.with_name(base.name + ending)


def _zip(contents: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for ending, content in contents.items():
            entry = zipfile.ZipInfo(ending.removeprefix("_"), (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
