"""desk.py ADDRESS RECORDS ORGANISATION: one quarter on a desk that runs, as the page does it; prints its state.

ADDRESS is what `esep-desk --no-browser` printed, RECORDS a folder of CSV, ORGANISATION its JSON."""

import json
import pathlib
import sys
import time
import urllib.error
import urllib.request

address, records, organisation = sys.argv[1:4]
place, token = address.split("#")


def ask(method, path, body=b"", kind="application/json"):
    body = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    head = {"X-Esep-Token": token, "Content-Type": kind}
    request = urllib.request.Request(f"{place}api/{path}", body if method != "GET" else None, head, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        sys.exit(f"{method} {path}: {refused.code} {refused.read().decode()}")


page = urllib.request.urlopen(place, timeout=60).read()
ask("POST", "quarter", {"name": "2026Q3", "form": "2-mk"})
ask("PUT", "organisation?q=2026Q3", {"known": "", "organisation": json.loads(organisation), "languages": ["kk", "ru"]})
for file in sorted(pathlib.Path(records).glob("*.csv")):
    ask("PUT", f"files/{file.name}?q=2026Q3&known=", file.read_bytes(), "application/octet-stream")
begun = time.monotonic()
ask("POST", "run?q=2026Q3", {"lang": "kk"})
while (run := ask("GET", "run"))["running"]:
    time.sleep(0.2)
quarter = ask("GET", "state?q=2026Q3")["quarter"]
print(f"page {len(page)} bytes, status {run['status']}, counts {json.dumps(quarter['counts'], sort_keys=True)}")
print(f"{time.monotonic() - begun:.1f} s", file=sys.stderr)
