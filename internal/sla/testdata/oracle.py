"""Reckons the clocks of conversations minute by minute, from the description in doc.go alone.

In: one JSON object a line, {"calendars": {name: {zone, week, days}}, "steps": [...]}, times as minutes since 1970 (UTC).
Out: one JSON object a line, {clock: {"started", "due", "met", "held", "work", "wall"}}, minutes, null where there is none.
"""
import json
import sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

AHEAD = 60 * 24 * 14  # how far an instant that is still to come is looked for, in minutes


class Hours:
    def __init__(self, c):
        self.zone, self.week, self.days, self.seen = ZoneInfo(c["zone"]), c["week"], c["days"], {}

    def open(self, minute):
        """Somebody is there in the minute that begins so long after 1970."""
        if minute not in self.seen:
            wall = datetime.fromtimestamp(minute * 60, timezone.utc).astimezone(self.zone)
            day = self.days.get(wall.strftime("%Y-%m-%d"))
            if day is None:
                day = self.week[(wall.weekday() + 1) % 7]
            now = wall.hour * 60 + wall.minute
            self.seen[minute] = any(a <= now < b for a, b in day)
        return self.seen[minute]


def reckon(case, calendars):
    steps = sorted(case["steps"], key=lambda s: s["at"])  # stable
    clocks = {}
    promise, status, answered, waiting = None, "open", False, False

    def begin(name, at):
        clocks[name] = {"started": at, "limit": promise[name], "due": None, "met": None, "work": 0, "wall": 0}

    def used(c):
        return c["wall"] if promise["counts"] == "wall" else c["work"]

    def runs(name):
        return name in clocks and clocks[name]["met"] is None

    def stands():
        return status == "solved" or status in promise["pauses"]

    def limit(name):
        c = clocks[name]
        c["limit"] = promise[name]
        if c["limit"] == 0 or used(c) < c["limit"]:
            c["due"] = None
        elif c["due"] is None:
            c["due"] = at

    def reopen():
        if "solve" in clocks:
            clocks["solve"]["met"] = None
            limit("solve")

    at, last = steps[0]["at"], steps[-1]["at"]
    i = 0
    while True:
        while i < len(steps) and steps[i]["at"] == at:
            s = steps[i]
            i += 1
            if s["what"] == "promised":
                promise = s["promise"]
                for name in clocks:
                    if runs(name):
                        limit(name)
            elif s["what"] == "asked":
                if status == "solved":
                    status = "open"
                    reopen()
                if "solve" not in clocks:
                    begin("solve", at)
                if not answered:
                    if "first" not in clocks:
                        begin("first", at)
                elif not waiting:
                    waiting = True
                    begin("next", at)
            elif s["what"] == "answered":
                for name in ("first", "next"):
                    if runs(name):
                        clocks[name]["met"] = at
                answered, waiting = True, False
            else:
                if status == "solved" and s["status"] != "solved":
                    reopen()
                status = s["status"]
                if status == "solved":
                    if runs("solve"):
                        clocks["solve"]["met"] = at
                    if waiting:
                        waiting = False
                        clocks.pop("next", None)
        if i == len(steps):
            break
        tick(clocks, promise, stands(), calendars, at)
        at += 1
    held = stands()
    result = {}
    for name, c in clocks.items():
        if c["limit"] == 0:
            continue
        result[name] = dict(c, held=status if c["met"] is None and held else "")
    if not held:
        ahead = {n: dict(c) for n, c in clocks.items() if n in result and c["met"] is None}
        for minute in range(last, last + AHEAD):
            if all(c["due"] is not None for c in ahead.values()):
                break
            tick(ahead, promise, False, calendars, minute)
        for name, c in ahead.items():
            result[name]["due"] = c["due"]
    return result


def tick(clocks, promise, stands, calendars, minute):
    """One minute passes."""
    if stands:
        return
    there = calendars[promise["hours"]].open(minute)
    for name, c in clocks.items():
        if c["met"] is not None:
            continue
        c["wall"] += 1
        c["work"] += there
        now = c["wall"] if promise["counts"] == "wall" else c["work"]
        if c["due"] is None and c["limit"] and now >= c["limit"]:
            c["due"] = minute + 1


def main():
    calendars = {}
    for line in sys.stdin:
        case = json.loads(line)
        for name, c in case.get("calendars", {}).items():
            calendars[name] = Hours(c)
        if case.get("steps"):
            print(json.dumps(reckon(case, calendars)))


main()
