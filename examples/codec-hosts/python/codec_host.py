#!/usr/bin/env -S python3 -I -S
"""A codec host to start from: a subset of Bilrost by hand, with nothing but the standard library.

It speaks the protocol of docs/reference/codec-host.md on stdin and stdout and knows a few messages of
wire version 4. Lists are packed ones of messages; a field that it does not know is skipped.
"""
import json
import struct
import sys

FRAME_BYTES_MAX = 256 * 1024 * 1024
NUMBER_MAX = 2**53 - 1

# Message: (number, name, type) of each field; a list in brackets names the message of its items.
MESSAGES = {
    "AppendRequest": [
        (1, "term", "uint64"), (2, "leader", "uint64"), (3, "prevIndex", "uint64"),
        (4, "prevTerm", "uint64"), (5, "commit", "uint64"), (6, "entries", ["LogEntry"]),
    ],
    "AppendResponse": [
        (1, "term", "uint64"), (2, "index", "uint64"), (3, "reject", "bool"),
        (4, "hintIndex", "uint64"), (5, "hintTerm", "uint64"),
    ],
    "LogEntry": [
        (1, "kind", "EntryKind"), (2, "version", "uint32"), (3, "critical", "bool"),
        (4, "term", "uint64"), (5, "index", "uint64"), (6, "body", "bytes"),
    ],
    "HardState": [(1, "term", "uint64"), (2, "vote", "uint64"), (3, "commit", "uint64")],
}
ENUMERATIONS = {"EntryKind": ["noop", "command", "config", "activate", "closeSession"]}
SURFACES = {"LogEntry": "log", "HardState": "log"}
INTEGERS_MAX = {"uint32": 2**32 - 1, "uint64": NUMBER_MAX}
EMPTY = {"bool": False, "uint32": 0, "uint64": 0, "bytes": {"hex": ""}, "EntryKind": "noop"}


class Failure(Exception):
    """An error reply: its kind, its code, and a text for people."""

    def __init__(self, kind, code, text):
        super().__init__(text)
        self.kind, self.code = kind, code


# Bilrost. A varint is bijective base 128: each byte adds its value times 128 to its place, top bit
# included, so that each number has one form. A key is (distance from the last number) * 4 + wire type.
VARINT, LENGTH_DELIMITED, FIXED32, FIXED64 = range(4)


def write_varint(value):
    out = bytearray()
    while value >= 128 and len(out) < 8:
        out.append(value % 128 + 128)
        value = value // 128 - 1
    out.append(value)
    return bytes(out)


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, length):
        if length > len(self.data) - self.at:
            raise Failure("DecodeError", "Truncated", f"{length} bytes are needed at byte {self.at}")
        self.at += length
        return self.data[self.at - length:self.at]

    def varint(self):
        value = 0
        for place in range(9):
            digit = self.take(1)[0]
            value += digit << 7 * place
            if digit < 128:
                break
        if value >= 2**64:
            raise Failure("DecodeError", "InvalidVarint", "a number needs more than 64 bits")
        return value

    def body(self, wire_type):
        """The number of a varint, or the bytes of anything else."""
        if wire_type == VARINT:
            return self.varint()
        return self.take({FIXED32: 4, FIXED64: 8}.get(wire_type) or self.varint())

    def is_at_end(self):
        return self.at == len(self.data)


def encode(name, value):
    fields = MESSAGES[name]
    unknown = set(value) - {field for _, field, _ in fields}
    if unknown:
        raise Failure("EncodeError", "InvalidValue", f"{name} has no {', '.join(sorted(unknown))}")
    out, last = bytearray(), 0
    for number, field, kind in fields:
        if field not in value or value[field] in ([], EMPTY.get(str(kind))):
            continue  # What is empty is not written.
        body = encode_field(kind, value[field])
        is_number = isinstance(body, int)
        out += write_varint((number - last) * 4 + (VARINT if is_number else LENGTH_DELIMITED))
        out += write_varint(body) if is_number else write_varint(len(body)) + body
        last = number
    return bytes(out)


def encode_field(kind, value):
    if isinstance(kind, list):
        items = [encode(kind[0], item) for item in value]
        return b"".join(write_varint(len(item)) + item for item in items)
    if kind == "bytes":
        return bytes.fromhex(value["hex"])
    if kind in ENUMERATIONS:
        names = ENUMERATIONS[kind]
        return names.index(value) if value in names else int(value.removeprefix("unknown(").removesuffix(")"))
    if type(value) is not (bool if kind == "bool" else int) or not 0 <= value <= INTEGERS_MAX.get(kind, 1):
        raise Failure("EncodeError", "OutOfDomainValue", f"{value!r} is no {kind}")
    return int(value)


def decode(name, data):
    fields = {number: (field, kind) for number, field, kind in MESSAGES[name]}
    value = {field: [] if isinstance(kind, list) else EMPTY[kind] for field, kind in fields.values()}
    reader, number, seen = Reader(data), 0, set()
    while not reader.is_at_end():
        key = reader.varint()
        number, wire_type = number + key // 4, key % 4
        if number >= 2**32:
            raise Failure("DecodeError", "TagOverflowed", f"{number} is too large for a field")
        body = reader.body(wire_type)
        if number not in fields:
            continue
        field, kind = fields[number]
        if wire_type != (LENGTH_DELIMITED if isinstance(kind, list) or kind == "bytes" else VARINT):
            raise Failure("DecodeError", "WrongWireType", f"{name}.{field} has wire type {wire_type}")
        if field in seen:
            raise Failure("DecodeError", "UnexpectedlyRepeated", f"{name}.{field} stands twice")
        seen.add(field)
        value[field] = decode_field(kind, body)
    return value


def decode_field(kind, body):
    if isinstance(kind, list):
        reader, items = Reader(body), []
        while not reader.is_at_end():
            items.append(decode(kind[0], reader.take(reader.varint())))
        return items
    if kind == "bytes":
        return {"hex": body.hex()}
    if kind in ENUMERATIONS:
        names = ENUMERATIONS[kind]
        most, value = 2**32 - 1, names[body] if body < len(names) else f"unknown({body})"
    else:
        most, value = INTEGERS_MAX.get(kind, 1), bool(body) if kind == "bool" else body
    if body > most:
        raise Failure("DecodeError", "OutOfDomainValue", f"{body} is no {kind}")
    return value


# The protocol.
def describe():
    def type_of(kind):
        if isinstance(kind, list):
            return {"kind": "list", "item": {"kind": "message", "name": kind[0]}, "packed": True}
        if kind in INTEGERS_MAX:
            bits = int(kind.removeprefix("uint"))
            return {"kind": "integer", "signed": False, "bits": bits, "encoding": "varint", "as": "number"}
        return {"kind": "enumeration", "name": kind} if kind in ENUMERATIONS else {"kind": kind}

    def field_of(number, name, kind):
        return {"kind": "field", "name": name, "number": number, "type": type_of(kind), "presence": "implicit"}

    messages = [
        {"name": name, "surface": SURFACES.get(name, "connection"), "members": [field_of(*field) for field in fields]}
        for name, fields in MESSAGES.items()
    ]
    enumerations = [
        {"name": name, "open": True, "variants": [{"name": one, "number": at} for at, one in enumerate(names)]}
        for name, names in ENUMERATIONS.items()
    ]
    return {
        "name": "bilrost by hand, in Python",
        "versions": [{"version": 4, "format": "bilrost", "messages": messages, "enumerations": enumerations}],
        "capabilities": {"rewrite": False, "edit": False, "unknownFields": "dropped"},
    }


def answer(call):
    ask = call.get("ask")
    if ask == "hello":
        if call.get("protocol") != 1:
            raise Failure("HostError", "UnsupportedProtocol", "Cannot talk: version 1 is known here")
        return {"protocol": 1, "name": "bilrost by hand, in Python"}
    if ask == "describe":
        return describe()
    if ask == "bye":
        return {}
    if ask not in ("encode", "decode") or call.get("mode", "relaxed") != "relaxed":
        raise Failure("HostError", "UnsupportedCall", f"Cannot answer {ask!r}")
    if call.get("version") != 4 or call.get("message") not in MESSAGES:
        raise Failure("HostError", "BadCall", f"Cannot use {call.get('message')}: it is not known here")
    if ask == "encode":
        return {"bytes": encode(call["message"], call["value"]).hex()}
    return {"value": decode(call["message"], bytes.fromhex(call["bytes"]))}


def reply_to(body):
    number = None
    try:
        call = json.loads(body)
        number = call["id"]
        return {"id": number, "answer": answer(call)}, call.get("ask") == "bye"
    except Failure as error:
        kind, code = error.kind, error.code
    except (ValueError, KeyError, TypeError, AttributeError) as found:
        kind, code, error = "HostError", "BadCall", found
    return {"id": number, "error": {"kind": kind, "code": code, "message": str(error), "path": []}}, False


def main():
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while head := source.read(4):
        length = struct.unpack("<I", head)[0] if len(head) == 4 else FRAME_BYTES_MAX + 1
        body = source.read(length) if length <= FRAME_BYTES_MAX else b""
        if len(body) < length:
            sys.exit("codec_host.py: Cannot read on: a frame is cut off or too long")
        reply, is_last = reply_to(body)
        text = json.dumps(reply).encode()
        target.write(struct.pack("<I", len(text)) + text)
        target.flush()
        if is_last:
            return


if __name__ == "__main__":
    try:
        main()
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(1)
