"""Reads a feed from standard input with a library that is not ours (its name is the argument) and writes what it understood as JSON."""
import json
import sys
from datetime import timezone


def moment(at):
    return at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def icalendar(raw):
    from icalendar import Calendar

    calendar = Calendar.from_ical(raw)
    assert not calendar.errors, calendar.errors
    for e in calendar.walk("VEVENT"):
        assert not e.errors, e.errors
        yield {"UID": str(e["UID"]), "From": moment(e["DTSTART"].dt), "Until": moment(e["DTEND"].dt), "Title": str(e["SUMMARY"]),
               "About": str(e.get("DESCRIPTION", ""))}


def vobject(raw):
    import vobject

    for e in vobject.readOne(raw.decode("utf-8")).vevent_list:
        yield {"UID": e.uid.value, "From": moment(e.dtstart.value), "Until": moment(e.dtend.value), "Title": e.summary.value,
               "About": e.description.value if hasattr(e, "description") else ""}


def feedparser(raw):
    import feedparser

    feed = feedparser.parse(raw)
    assert not feed.bozo, feed.bozo_exception
    assert feed.version == "atom10" and feed.feed.id and feed.feed.title and feed.feed.updated_parsed, feed.feed
    for e in feed.entries:
        assert e.updated_parsed and e.published_parsed
        yield {"ID": e.id, "Title": e.title, "Updated": e.updated, "Link": e.link, "Text": e.summary.strip()}


def elementtree(raw):
    from xml.etree import ElementTree

    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.fromstring(raw)
    assert feed.tag == atom + "feed"
    for name in ("id", "title", "updated", "author/" + atom + "name"):
        assert feed.find(atom + name).text, name
    for e in feed.findall(atom + "entry"):
        yield {"ID": e.find(atom + "id").text, "Title": e.find(atom + "title").text, "Updated": e.find(atom + "updated").text,
               "Link": e.find(atom + "link").get("href"), "Text": (e.find(atom + "summary").text or "").strip()}


json.dump(list(globals()[sys.argv[1]](sys.stdin.buffer.read())), sys.stdout)
