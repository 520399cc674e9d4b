"""Checks statements, receipts and files of a CCF ledger, apart from all Java code.

Usage: check_ledger.py FOLDER

In the folder: ledger_*.committed and ledger_* (the files, from the first one on), keys.cbor or
keys.json (a COSE_KeySet, or JSON Web Keys or certificates, of the service), *.cose (statements with
receipts). Needs the Debian packages python3-cbor2 and python3-cryptography. Prints one JSON object.
"""
import base64
import glob
import hashlib
import json
import os
import re
import sys

import cbor2
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils

ECDSA = {-7: hashes.SHA256(), -35: hashes.SHA384(), -36: hashes.SHA512()}
PSS = {-37: hashes.SHA256(), -38: hashes.SHA384(), -39: hashes.SHA512()}
CURVES = {1: ec.SECP256R1(), 2: ec.SECP384R1(), 3: ec.SECP521R1()}
NAMES = {"P-256": 1, "P-384": 2, "P-521": 3}


def sha256(data):
    return hashlib.sha256(data).digest()


def spki(key):
    return key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def point(curve, x, y):
    numbers = ec.EllipticCurvePublicNumbers(
        int.from_bytes(x, "big"), int.from_bytes(y, "big"), CURVES[curve])
    return numbers.public_key()


def keys_of(folder):
    found = []
    path = os.path.join(folder, "keys.cbor")
    if os.path.exists(path):
        for key in cbor2.loads(open(path, "rb").read()):
            found.append(point(key[-1], key[-2], key[-3]))
            assert key[2].decode() == sha256(spki(found[-1])).hex(), "kid"
    path = os.path.join(folder, "keys.json")
    if os.path.exists(path):
        read = json.load(open(path))

        def number(text):
            return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

        for key in read.get("keys", []):
            found.append(point(NAMES[key["crv"]], number(key["x"]), number(key["y"])))
        for one in read.get("parameters", []):
            certificate = base64.b64decode(one["serviceCertificate"])
            found.append(x509.load_der_x509_certificate(certificate).public_key())
    return {sha256(spki(key)).hex(): key for key in found}


def signed(key, algorithm, header, payload, signature):
    structure = cbor2.dumps(["Signature1", header, b"", payload])
    try:
        if algorithm in ECDSA:
            half = len(signature) // 2
            der = utils.encode_dss_signature(
                int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))
            key.verify(der, structure, ec.ECDSA(ECDSA[algorithm]))
        elif algorithm in PSS:
            digest = PSS[algorithm]
            pss = padding.PSS(padding.MGF1(digest), digest.digest_size)
            key.verify(signature, structure, pss, digest)
        else:
            key.verify(signature, structure)
        return True
    except InvalidSignature:
        return False


def message(data):
    tagged = cbor2.loads(data)
    assert isinstance(tagged, cbor2.CBORTag) and tagged.tag == 18, "tag"
    assert len(tagged.value) == 4, "parts"
    return tagged.value


def sides(index, size):
    found = ""
    last = size - 1
    while last > 0:
        if index & 1 or index == last:
            found += "L"
            while index and not index & 1:
                index >>= 1
                last >>= 1
        else:
            found += "R"
        index >>= 1
        last >>= 1
    return found


def receipt(data, keys, claims):
    """The signed root if the receipt holds for the claims; an AssertionError if not."""
    header, unprotected, payload, signature = message(data)
    said = cbor2.loads(header)
    assert payload is None and said[395] == 2 and said[1] == -35, "header"
    kid = said[4].decode() if isinstance(said[4], bytes) else said[4]
    size = int(said["ccf.v1"]["txid"].split(".")[1])
    (encoded,) = unprotected[396][-1]
    proof = cbor2.loads(encoded)
    leaf = proof[1]
    assert leaf[2] == claims, "claims"
    place = int(re.fullmatch(r"ce:\d+\.(\d+):[0-9a-f]{64}", leaf[1]).group(1))
    assert "".join("L" if left else "R" for left, _ in proof[2]) == sides(place, size), "sides"
    node = sha256(leaf[0] + sha256(leaf[1].encode()) + leaf[2])
    for left, other in proof[2]:
        node = sha256(other + node) if left else sha256(node + other)
    assert signed(keys[kid], -35, header, node, signature), "signature of " + kid
    return size, node


def statement(data, keys):
    """Its receipts' signed roots; an AssertionError if it or one of them does not hold."""
    header, unprotected, payload, signature = message(data)
    said = cbor2.loads(header)
    chain = [x509.load_der_x509_certificate(one) for one in said[33]]
    assert signed(chain[0].public_key(), said[1], header, payload, signature), "statement"
    for subject, issuer in zip(chain, chain[1:]):
        assert subject.issuer == issuer.subject, "chain"
    top = sha256(chain[-1].public_bytes(serialization.Encoding.DER))
    hashed = base64.urlsafe_b64encode(top).decode().rstrip("=")
    assert said[15][1].startswith("did:x509:0:sha256:%s::eku:" % hashed), said[15][1]
    claims = sha256(cbor2.dumps(cbor2.CBORTag(18, [header, {}, payload, signature])))
    return [receipt(one, keys, claims) for one in unprotected[394]]


class Reader:
    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, count):
        assert self.at + count <= len(self.data), "short"
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self, count=8):
        return int.from_bytes(self.take(count), "little")

    def part(self):
        return self.take(self.number())


def transactions(path):
    data = open(path, "rb").read()
    positions = int.from_bytes(data[:8], "little")
    end = positions or len(data)
    at = 8
    seen = []
    while at < end:
        size = int.from_bytes(data[at + 2:at + 8], "little")
        record = data[at:at + 8 + size]
        assert len(record) == 8 + size, "cut"
        seen.append(at)
        yield transaction(record)
        at += 8 + size
    if positions:
        listed = [
            int.from_bytes(data[i:i + 4], "little") for i in range(positions, len(data), 4)]
        assert listed == seen, "positions"


def transaction(record):
    frame = Reader(record[8:])
    frame.take(16)
    seqno = frame.number()
    view = frame.number(4) & 0x7FFFFFFF
    domain = Reader(frame.part())
    kind = domain.number(1)
    domain.number()
    claims = domain.take(32) if kind in (2, 4) else b""
    evidence = domain.take(32) if kind in (3, 4) else b""
    domain.number()
    tables = {}
    while domain.at < len(domain.data):
        table = tables.setdefault(domain.part().decode(), {})
        domain.number()
        assert domain.number() == 0, "reads"
        for _ in range(domain.number()):
            key = domain.part()
            table[key] = domain.part()
        for _ in range(domain.number()):
            domain.part()
    leaf = sha256(record)
    if claims or evidence:
        leaf = sha256(leaf + evidence + claims)
    return view, seqno, claims, tables, leaf


def root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(root(leaves[:half]) + root(leaves[half:]))


def certificate_key(pem):
    return x509.load_pem_x509_certificate(pem).public_key()


def replay(files):
    leaves = [bytes(32)]
    nodes = {}
    service = previous = None
    roots = {}
    counts = {"entries": 0, "nodeRoots": 0, "serviceRoots": 0, "endorsements": 0}
    for path in files:
        for view, seqno, claims, tables, leaf in transactions(path):
            assert seqno == len(leaves), "place %d" % seqno
            for node, pem in tables.get("public:ccf.gov.nodes.endorsed_certificates", {}).items():
                nodes[node.decode()] = certificate_key(pem)
            for value in tables.get("public:ccf.gov.service.info", {}).values():
                key = certificate_key(json.loads(value)["cert"].encode())
                if service is not None and spki(key) != spki(service):
                    previous = service
                service = key
            table = "public:ccf.internal.previous_service_identity_endorsement"
            for value in tables.get(table, {}).values():
                header, _, payload, signature = message(
                    base64.b64decode(json.loads(value)["endorsement"]))
                assert signed(service, -35, header, payload, signature), "endorsement"
                assert payload == spki(previous or service), "endorsed key"
                counts["endorsements"] += 1
            for value in tables.get("public:ccf.internal.signatures", {}).values():
                said = json.loads(value)
                expected = root(leaves)
                assert (said["view"], said["seqno"]) == (view, seqno), "signature's place"
                assert said["root"] == expected.hex(), "root at %d" % seqno
                nodes[said["node"]].verify(
                    base64.b64decode(said["sig"]), expected,
                    ec.ECDSA(utils.Prehashed(hashes.SHA256())))
                counts["nodeRoots"] += 1
            for value in tables.get("public:ccf.internal.cose_signatures", {}).values():
                header, _, payload, signature = message(base64.b64decode(json.loads(value)))
                said = cbor2.loads(header)
                assert payload is None, "payload"
                assert said["ccf.v1"]["txid"] == "%d.%d" % (view, seqno), "signed txid"
                assert said[4].decode() == sha256(spki(service)).hex(), "kid"
                assert signed(service, said[1], header, root(leaves), signature), "service"
                roots[seqno] = root(leaves)
                counts["serviceRoots"] += 1
            for value in tables.get("public:scitt.entry", {}).values():
                assert sha256(value) == claims, "claims at %d" % seqno
                counts["entries"] += 1
            leaves.append(leaf)
    return roots, dict(counts, transactions=len(leaves) - 1)


def place(path):
    return int(re.search(r"ledger_(\d+)", path).group(1))


def main(folder):
    keys = keys_of(folder)
    files = sorted(glob.glob(os.path.join(folder, "ledger_*")), key=place)
    roots, result = replay(files)
    result["statements"] = 0
    result["rootsOfReceipts"] = 0
    for path in sorted(glob.glob(os.path.join(folder, "*.cose"))):
        for size, node in statement(open(path, "rb").read(), keys):
            assert not files or roots[size] == node, "the receipt's root is another"
            result["rootsOfReceipts"] += 1
        result["statements"] += 1
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1])
