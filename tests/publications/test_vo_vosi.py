"""VOSI and registry documents, against the IVOA's schemas as Debian's python3-gavo has them."""

from pathlib import Path

import pytest
from django.urls import reverse
from lxml import etree

from tests.publications.vo_sky import small_sky

SCHEMATA = Path("/usr/lib/python3/dist-packages/gavo/resources/schemata")
WANTED = [
    "VOSIAvailability",
    "VOSICapabilities",
    "VOSITables",
    "RegistryInterface",
    "VODataService",
    "ConeSearch",
]
NAMES = ["vo-availability", "vo-capabilities", "vo-tables", "vo-registry"]


class LocalSchemata(etree.Resolver):
    """Every import is served from the package's directory: no test reads the network."""

    def resolve(self, url, public_id, context):
        return self.resolve_filename(str(SCHEMATA / LOCATION.get(url, Path(url).name)), context)


LOCATION = {}


@pytest.fixture(scope="module")
def schema():
    if not SCHEMATA.is_dir():
        pytest.skip("the schemas are not installed (Debian: apt install python3-gavo)")
    parser = etree.XMLParser()
    parser.resolvers.add(LocalSchemata())
    imports = ""
    for path in SCHEMATA.glob("*.xsd"):
        if path.stem in WANTED:
            namespace = etree.parse(path).getroot().get("targetNamespace")
            imports += f'<xs:import namespace="{namespace}" schemaLocation="{path.name}"/>'
    document = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'
    return etree.XMLSchema(etree.fromstring(document, parser, base_url=f"{SCHEMATA}/all.xsd"))


def read(client, name):
    response = client.get(reverse(f"publications:{name}"))
    assert (response.status_code, response["Content-Type"]) == (200, "text/xml")
    assert response["Access-Control-Allow-Origin"] == "*"
    return etree.fromstring(response.content)


@pytest.mark.parametrize("filled", [True, False])
@pytest.mark.parametrize("name", NAMES)
def test_documents_are_valid(client, db, schema, name, filled):
    if filled:
        small_sky()
    document = read(client, name)
    assert schema.validate(document), schema.error_log


def test_a_wrong_document_is_not_valid(client, db, schema):
    document = read(client, "vo-capabilities")
    document[0].append(etree.Element("surprise"))
    assert not schema.validate(document)


def test_the_test_query_finds_a_row(client, db):
    small_sky()
    capabilities = read(client, "vo-capabilities")
    (query,) = capabilities.iterfind(".//testQueryString")
    (address,) = [e.text for e in capabilities.iterfind(".//accessURL") if e.get("use") == "base"]
    assert address.endswith("/vo/conesearch?")
    assert b"".join(client.get("/vo/conesearch?" + query.text)).count(b"<TR>") >= 1


def test_availability_says_how_many_papers_have_positions(client, db):
    small_sky()
    assert "positions known for 5 of 6 papers" in etree.tostring(read(client, "vo-availability")).decode()


def test_the_tables_are_the_columns_of_the_answer(client, db):
    small_sky()
    columns = [e.text for e in read(client, "vo-tables").iterfind(".//column/name")]
    answer = b"".join(client.get("/vo/conesearch?RA=0&DEC=0&SR=0&VERB=3"))
    fields = [e.get("name") for e in etree.fromstring(answer).iter("{*}FIELD")]
    assert columns == fields


def test_hidden_categories_are_in_no_document(client, db):
    small_sky()
    for name in NAMES:
        assert b"hidden" not in etree.tostring(read(client, name)).lower()
