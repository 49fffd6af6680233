"""A figure over HTTP: its picture as a tree, its table as lines."""

from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
FORMATS = ["svg", "png", "pdf", "csv"]


def picture(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.content
    return ElementTree.fromstring(response.content)


def lines(client, address):
    return client.get(address).content.decode().split("\r\n")
