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


def webpush(raw):
    """Decrypts what a push service was given (RFC 8291 and 8188), as the browser does for which it is meant. Keys and body are in base64."""
    from base64 import urlsafe_b64decode

    from cryptography.hazmat.primitives import hashes, hmac
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    def mac(key, text):
        h = hmac.HMAC(key, hashes.SHA256())
        h.update(text)
        return h.finalize()

    given = {k: urlsafe_b64decode(v) for k, v in json.loads(raw).items()}
    body, auth = given["body"], given["auth"]
    assert len(body) <= 4096, len(body)
    browser = ec.derive_private_key(int.from_bytes(given["key"], "big"), ec.SECP256R1())
    salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
    desk, record = body[21 : 21 + length], body[21 + length :]
    assert length == 65 and 18 <= len(record) <= size
    shared = browser.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), desk))
    own = browser.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    secret = mac(mac(auth, shared), b"WebPush: info\0" + own + desk + b"\1")
    kept = mac(salt, secret)
    key, nonce = mac(kept, b"Content-Encoding: aes128gcm\0\1")[:16], mac(kept, b"Content-Encoding: nonce\0\1")[:12]
    plain = AESGCM(key).decrypt(nonce, record, b"").rstrip(b"\0")
    assert plain[-1] == 2, "not the last record"
    yield {"Plain": plain[:-1].decode("utf-8")}


json.dump(list(globals()[sys.argv[1]](sys.stdin.buffer.read())), sys.stdout)
