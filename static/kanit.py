"""Check a proof of Meydan's sealed log without Meydan:  python3 kanit.py proof.json [kept-heads.json]"""

import json
import sys
from hashlib import sha256
from pathlib import Path


def sha(*parts):
    return sha256(b"".join(parts)).digest()


def must(holds, complaint):
    if not holds:
        sys.exit("The proof does NOT hold: " + complaint)


proof = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
head, leaf = proof["head"], bytes.fromhex(proof["leaf"])
if "content" in proof:
    must(sha(b"\0", proof["content"].encode()) == leaf, "the content is not what was sealed")
at, last, found = proof["index"], head["size"] - 1, leaf
must(0 <= at <= last, "there is no such leaf under this head")
for step in map(bytes.fromhex, proof["path"]):  # RFC 9162, section 2.1.3.2
    if at % 2 or at == last:
        found = sha(b"\1", step, found)
        while at % 2 == 0 and at:
            at, last = at // 2, last // 2
    else:
        found = sha(b"\1", found, step)
    at, last = at // 2, last // 2
must((last, found.hex()) == (0, head["root"]), "the path does not lead to the root")
parts = {"v": 1, **{name: head[name] for name in ("number", "previous", "size", "root", "at")}}
text = json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()
must(sha(b"\0", text).hex() == head["hash"], "the hash of the head is not that of its content")
if len(sys.argv) > 2:
    kept = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))["heads"]
    must(head["hash"] in {one["hash"] for one in kept}, "this head is not among those that were kept")
print("The proof holds. Head", head["number"], "of", head["at"], "has the hash", head["hash"])
print(proof.get("content", ""))
