"""Reads a calendar (RFC 5545) from standard input with nothing but the standard library, and writes its events as JSON."""
import json
import re
import sys
from datetime import datetime, timezone

raw = sys.stdin.buffer.read()
assert b"\n" not in raw.replace(b"\r\n", b""), "a line that does not end in CRLF"
for line in raw.split(b"\r\n"):
    assert len(line) <= 75, line
text = re.sub(r"\r\n[ \t]", "", raw.decode("utf-8"))


def unescape(value):
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value, flags=re.S)


def moment(value):
    at = datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


events, stack, event = [], [], None
for line in text.split("\r\n"):
    if not line:
        continue
    m = re.fullmatch(r"([A-Z0-9-]+)((?:;[A-Z0-9-]+=[^;:]*)*):(.*)", line, flags=re.S)
    assert m, line
    name, value = m[1], m[3]
    if name == "BEGIN":
        stack.append(value)
        if value == "VEVENT":
            event = {}
    elif name == "END":
        assert stack.pop() == value
        if value == "VEVENT":
            assert event["DTSTART"] < event["DTEND"] and event["DTSTAMP"]
            events.append({"UID": unescape(event["UID"]), "From": moment(event["DTSTART"]), "Until": moment(event["DTEND"]),
                           "Title": unescape(event["SUMMARY"]), "About": unescape(event.get("DESCRIPTION", ""))})
            event = None
    elif event is not None:
        assert name not in event, name
        event[name] = value
assert not stack
assert len({e["UID"] for e in events}) == len(events), "two events are called the same"
json.dump(events, sys.stdout)
