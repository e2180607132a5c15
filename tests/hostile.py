"""Files made to harm whoever opens them: bombs, loops, lies and garbage, made here from the formats' own rules.

`samples` gives each with its name, and with the reason codes that its record may have where that is certain.
"""

from __future__ import annotations

import io
import random
import zlib
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from rooms import mail

ROOT = Path(__file__).parent.parent
UNREADABLE = frozenset({"document-unreadable"})
LIMIT = frozenset({"processing-limit"})
REFUSED = UNREADABLE | LIMIT | {"document-too-large"}
# What is no form, whatever else it is; blank pages are unreadable.
NO_FORM = REFUSED | {"form-unidentified", "form-not-accepted", "several-forms-in-one-file", "page-missing"}
Sample = tuple[str, bytes, frozenset[str] | None]


def pdf(*bodies: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of these objects, numbered from 1, the first its catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer\n<</Size %d %s>>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, trailer, start))


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d %s>>\nstream\n%s\nendstream" % (len(content), more, content)


CATALOGUE, PAGES = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def page(content: bytes = b"", *others: bytes, resources: bytes = b"", box: bytes = b"0 0 612 792") -> bytes:
    """A PDF of one page with this content stream (object 4), and further objects from 5 on."""
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R/Resources<<%s>>>>" % (box, resources)
    return pdf(CATALOGUE, PAGES, leaf, stream(content), *others)


def image(width: int, height: int, data: bytes, filters: bytes, bits: int = 8) -> bytes:
    head = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent %d" % (width, height, bits)
    picture = stream(data, head + b"/ColorSpace/DeviceGray/Filter%s" % filters)
    return page(b"q 612 0 0 792 0 0 cm /I Do Q", picture, resources=b"/XObject<</I 5 0 R>>")


def form_dag(depth: int) -> bytes:
    """Forms that each draw the next one twice: 2 to the power of `depth` drawings."""
    forms = [
        stream(
            b"/F Do /F Do",
            b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</XObject<</F %d 0 R>>>>" % (6 + level),
        )
        for level in range(depth)
    ]
    last = stream(b"0 0 10 10 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]")
    return page(b"/F Do", *forms, last, resources=b"/XObject<</F 5 0 R>>")


def pdfs() -> Iterator[Sample]:
    zeros = zlib.compress(bytes(200_000_000), 9)
    yield "tree that is its own kid", pdf(CATALOGUE, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"), NO_FORM
    yield "tree loop", pdf(CATALOGUE, PAGES, b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 1>>"), NO_FORM
    levels = [b"<</Type/Pages/Kids[%d 0 R %d 0 R]/Count 9>>" % (number + 1, number + 1) for number in range(2, 42)]
    yield "tree dag", pdf(CATALOGUE, *levels, b"<</Type/Page/MediaBox[0 0 9 9]>>"), NO_FORM
    deep = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (number + 1) for number in range(2, 20_000)]
    yield "deep tree", pdf(CATALOGUE, *deep), NO_FORM
    yield "two billion pages", pdf(CATALOGUE, b"<</Type/Pages/Kids[]/Count 2000000000>>"), NO_FORM
    yield "no pages", pdf(b"<</Type/Catalog>>"), UNREADABLE
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>"
    many = b" ".join(b"%d 0 R" % number for number in range(3, 3003))
    yield "3000 pages", pdf(CATALOGUE, b"<</Type/Pages/Kids[%s]/Count 3000>>" % many, *[leaf] * 3000), REFUSED
    for box in (b"0 0 1000000000 1000000000", b"0 0 0 0", b"0 0 -5 -5", b"0 0 14400 14400", b"0 0 1e38 1", b"a b c d"):
        yield f"box {box.decode()}", page(b"0 0 9 9 re f", box=box), NO_FORM
    yield "form dag", form_dag(40), NO_FORM
    itself = stream(b"/F Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>")
    yield "form in itself", page(b"/F Do", itself, resources=b"/XObject<</F 5 0 R>>"), NO_FORM
    tile = b"/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep 0.0001/YStep 0.0001/Resources<<>>"
    pattern = page(
        b"/Pattern cs /P scn 0 0 612 792 re f", stream(b"0 0 1 1 re f", tile), resources=b"/Pattern<</P 5 0 R>>"
    )
    yield "tiny tiles", pattern, NO_FORM
    yield "huge image", image(100_000, 100_000, b"", b"/FlateDecode", 1), NO_FORM
    yield "image bomb", image(20_000, 10_000, zeros, b"/FlateDecode"), NO_FORM
    yield "twice packed", image(20_000, 10_000, zlib.compress(zeros, 9), b"[/FlateDecode/FlateDecode]"), NO_FORM
    for name in (b"/JBIG2Decode", b"/JPXDecode", b"/DCTDecode", b"/CCITTFaxDecode", b"/LZWDecode", b"/RunLengthDecode"):
        yield f"garbage in {name.decode()}", image(3000, 3000, random.Random(1).randbytes(5000), name), NO_FORM
    yield (
        "content bomb",
        pdf(CATALOGUE, PAGES, leaf[:-2] + b"/Contents 4 0 R>>", stream(zeros, b"/Filter/FlateDecode")),
        NO_FORM,
    )
    yield "endless operators", page(b"q " * 3_000_000), NO_FORM
    yield "deep arrays", page(b"[" * 500_000), NO_FORM
    yield "deep array object", pdf(CATALOGUE, PAGES, b"[" * 100_000 + b"]" * 100_000), NO_FORM
    yield "deep dictionary", pdf(CATALOGUE, PAGES, b"<</A" * 50_000 + b" 1" + b">>" * 50_000), NO_FORM
    yield (
        "many strokes",
        page(b"".join(b"%d %d m %d 9 l S " % (n % 612, n % 792, n % 99) for n in range(200_000))),
        NO_FORM,
    )
    yield (
        "object stream bomb",
        pdf(CATALOGUE, PAGES, leaf, stream(zeros, b"/Type/ObjStm/N 1000000/First 9000000/Filter/FlateDecode")),
        NO_FORM,
    )
    yield "xref to itself", pdf(CATALOGUE, PAGES, leaf, trailer=b"/Root 1 0 R/Prev 9"), NO_FORM
    yield "length that lies", page(b"0 0 9 9 re f").replace(b"/Length 12", b"/Length 999999999"), NO_FORM
    yield "negative length", page(b"0 0 9 9 re f").replace(b"/Length 12", b"/Length -12"), NO_FORM
    for action in (b"/S/JavaScript/JS(app.alert(1))", b"/S/Launch/F(cmd.exe)", b"/S/URI/URI(http://127.0.0.1/)"):
        yield (
            f"action {action[3:9].decode()}",
            pdf(CATALOGUE[:-2] + b"/OpenAction<<%s>>>>" % action, PAGES, leaf),
            NO_FORM,
        )
    font = b"/Font<</F<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/..#2F..#2Fetc#2Fpasswd/DescendantsFonts[]>>>>"
    yield "font map from a path", page(b"BT /F 12 Tf (x) Tj ET", resources=font), NO_FORM
    for prefix in (
        b"<html><script>alert(1)</script>",
        b"GIF89a\x01\x00",
        b"\xff\xd8\xff\xe0",
        b"MZ\x90\x00",
        b"\0" * 500,
    ):
        yield f"polyglot {prefix[:5]!r}", prefix + page(b"0 0 9 9 re f"), NO_FORM
    yield "header alone", b"%PDF-1.7\n", UNREADABLE
    yield "header and noise", b"%PDF-1.7\n" + random.Random(2).randbytes(50_000), UNREADABLE
    yield "the same object a million times", page(b"") + b"1 0 obj\n<<>>\nendobj\n" * 200_000, NO_FORM
    yield from damaged()


def damaged() -> Iterator[Sample]:
    """A true blank form: locked, cut, spoilt."""
    blank = (ROOT / "forms_specs" / "4058" / "2022-03" / "blank.pdf").read_bytes()
    for name, owner, user in (("locked", "a", "b"), ("locked for its owner alone", "a", "")):
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(blank)) as document:
            document.save(out, encryption=pikepdf.Encryption(owner=owner, user=user))
        yield name, out.getvalue(), frozenset({"document-encrypted"}) if user else None
    for tenth in range(1, 10):
        yield f"cut at {tenth} tenths", blank[: len(blank) * tenth // 10], None
    for seed in range(12):
        spoilt, chance = bytearray(blank), random.Random(seed)
        for _ in range(10 ** (1 + seed % 3)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        yield f"spoilt {seed}", bytes(spoilt), None


def headers(more: bytes) -> bytes:
    return b"From: x@example.org\r\nMIME-Version: 1.0\r\n" + more + b"\r\n\r\nx"


def nested(depth: int) -> bytes:
    content = b"Content-Type: text/plain\r\n\r\nx"
    for level in range(depth):
        content = b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n%s\r\n--%d--' % (
            level,
            level,
            content,
            level,
        )
    return b"From: x@example.org\r\nMIME-Version: 1.0\r\n" + content


def forwarded(depth: int) -> bytes:
    content = b"From: x@example.org\r\nSubject: x\r\n\r\nx"
    for _ in range(depth):
        content = b"From: x@example.org\r\nMIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n" + content
    return content


def mails() -> Iterator[Sample]:
    yield "20 kB of quotes in To", headers(b"To: " + b'"' * 20_000), None
    yield "quotes everywhere", headers(b"To: " + b'"<(' * 20_000 + b"\r\nCc: " + b"(" * 50_000), None
    yield "subject of 5 MB", headers(b"Subject: " + b"x" * 5_000_000), None
    yield "100,000 encoded words", headers(b"Subject: " + b"=?utf-8?q?=C3=A9?= " * 100_000), None
    yield "20,000 addresses", headers(b"To: " + b"a@example.org, " * 20_000), None
    yield "100,000 headers", headers(b"X: y\r\n" * 100_000 + b"Y: z"), None
    yield "unknown charset", headers(b"Subject: =?nowhere?q?x?=\r\nContent-Type: text/plain; charset=nowhere"), None
    yield "Message-ID of 1 MB", headers(b"Message-ID: <" + b"x" * 1_000_000 + b"@y>"), None
    yield "date that is none", headers(b"Date: Mon, 99 Foo 99999999 99:99:99 +9999"), None
    for depth in (50, 1000, 20_000):
        yield f"{depth} deep", nested(depth), None
        yield f"forwarded {depth} times", forwarded(depth), None
    part = b"--b\r\n\r\n"
    yield (
        "200,000 empty parts",
        headers(b'Content-Type: multipart/mixed; boundary="b"') + b"\r\n" + part * 200_000,
        None,
    )
    yield "boundary of 1 MB", headers(b'Content-Type: multipart/mixed; boundary="' + b"b" * 1_000_000 + b'"'), None
    yield "no boundary", headers(b"Content-Type: multipart/mixed"), None
    yield "5 MB of line ends", b"From: x@example.org\r\nMIME-Version: 1.0\r\n\r\n" + b"\r\n" * 2_500_000, None
    yield "NULs", headers(b"Subject: a\0b\r\nContent-Type: text/\0plain"), None
    yield "parameters without end", headers(b"Content-Type: a/b" + b"; x*0*=utf-8''%41" * 20_000), None
    for name in ("../../etc/passwd\0.pdf", "x\u202efdp.exe", "a" * 5000 + ".pdf", "C:\\con.pdf", "<script>.pdf"):
        encoded = b"=?utf-8?b?" + b64encode(name.encode()) + b"?="
        body = b'Content-Type: application/pdf; name="%s"\r\nContent-Disposition: attachment\r\n\r\n%%PDF-' % encoded
        yield f"named {name[:12]!r}", b"From: x@example.org\r\nMIME-Version: 1.0\r\n" + body, None
    yield (
        "base64 that is none",
        mail(("x.pdf", b"%PDF-1.7\n")).replace(b"base64", b"base64\r\nX: y").replace(b"JVBER", b"!!!!!"),
        None,
    )
    yield (
        "winmail.dat",
        mail(("winmail.dat", b"\x78\x9f\x3e\x22" + bytes(500)), message_id=None),
        frozenset({"not-a-pdf"}),
    )
    yield (
        "a bomb of zip",
        mail(("x.zip", b"PK\x03\x04" + zlib.compress(bytes(10_000_000), 9))),
        frozenset({"not-a-pdf"}),
    )


def samples(count: int) -> Iterator[Sample]:
    """At least all that are made by hand; beyond, the same spoilt at random bytes, of which no code is certain."""
    made = [(name, "pdf", content, codes) for name, content, codes in pdfs()]
    made += [(name, "eml", content, codes) for name, content, codes in mails()]
    for rank in range(max(count, len(made))):
        name, suffix, content, codes = made[rank % len(made)]
        turn = rank // len(made)
        if turn:
            spoilt, chance = bytearray(content), random.Random(rank)
            for _ in range(1 + len(spoilt) // 200):
                spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
            content, codes = bytes(spoilt), None
        label = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)
        yield f"{rank:04}-{label}.{suffix}", content + (b"%%%d" % rank if suffix == "pdf" else b""), codes
