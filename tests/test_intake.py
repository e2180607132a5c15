"""Every shape that mail takes, the hostile ones too; all made here, none of it anybody's mail."""

from __future__ import annotations

import time
from base64 import encodebytes
from binascii import b2a_qp
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from pipeline.config import Limits
from pipeline.intake import parse_message
from pipeline.model import Code, Message, Refused
from pipeline.sniff import looks_like_mail, looks_like_pdf

PDF = b"%PDF-1.7\n\x00\xff\xe9 content\r\n%%EOF\r\n"
OTHER_PDF = b"%PDF-1.4\nanother\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00pixels"
TOP = (
    b"Received: from out.example.org by mx.example.org with ESMTPS id 1; Tue, 5 Apr 2022 09:12:00 -0400 (EDT)\r\n"
    b"Received: from desk.example.org by out.example.org; Tue, 5 Apr 2022 13:11:50 +0000\r\n"
    b"From: =?utf-8?q?Jos=C3=A9e?= Untel <josee.untel@example.org>\r\n"
    b"Date: Mon, 4 Apr 2022 01:00:00 -0400\r\n"
    b"Message-ID: <one@example.org>\r\n"
    b"MIME-Version: 1.0\r\n"
)
TEXT = b"Content-Type: text/plain; charset=utf-8\r\n\r\nBonjour,\r\n\r\nVoir ci-joint.\r\n"
HTML = b'Content-Type: text/html\r\n\r\n<p>Bonjour <img src="cid:logo1@x"></p>'


def part(headers: bytes, content: bytes = PDF) -> bytes:
    """One part in base64."""
    return headers + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encodebytes(content).replace(b"\n", b"\r\n")


def multipart(*parts: bytes, subtype: bytes = b"mixed", boundary: bytes = b"=_b1") -> bytes:
    body = b"".join(b"--" + boundary + b"\r\n" + each + b"\r\n" for each in parts)
    head = b"Content-Type: multipart/" + subtype + b';\r\n boundary="' + boundary + b'"\r\n\r\nA preamble.\r\n'
    return head + body + b"--" + boundary + b"--\r\n"


def mail(*parts: bytes) -> bytes:
    return TOP + multipart(TEXT, *parts)


def parse(content: bytes, **limits: int) -> Message:
    return parse_message(content, Limits.model_validate(limits))


def documents(content: bytes) -> list[tuple[str | None, bytes]]:
    return [(attachment.name, attachment.content) for attachment in parse(content).attachments]


def refusal(content: bytes, **limits: int) -> Code:
    """The one reason that the mail is refused for, found at once."""
    start = time.process_time()
    with pytest.raises(Refused) as refused:
        parse(content, **limits)
    assert time.process_time() - start < 1.0
    (reason,) = refused.value.reasons
    return reason.code


# ---------------------------------------------------------------- shapes


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        (
            b'Content-Type: application/pdf; name="a b.pdf"\r\nContent-Disposition: attachment; filename="a b.pdf"',
            "a b.pdf",
        ),
        (b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=a.pdf", "a.pdf"),
        (b"CONTENT-TYPE: APPLICATION/PDF\r\nCONTENT-DISPOSITION: ATTACHMENT; FILENAME=SCAN.PDF", "SCAN.PDF"),
        (b"Content-Type: application/pdf\r\nContent-Disposition: attachment", None),
        (b"Content-Type: application/pdf", None),
        (b"Content-Type: application/pdf; name=only-type.pdf", "only-type.pdf"),
        (b"Content-Type: application/pdf\r\nContent-Disposition: inline; filename=in.pdf", "in.pdf"),
        (b"Content-Type: image/png; name=logo.png\r\nContent-Disposition: inline\r\nContent-ID: <a@x>", "logo.png"),
        (b"Content-Type: text/plain; name=demande.txt", "demande.txt"),
        (b"X-Nothing: said", None),
        (b'Content-Type: application/pdf; name="=?utf-8?b?VMOpbMOpY29waWUucGRm?="', "Télécopie.pdf"),
        (
            b'Content-Type: application/pdf; name="=?utf-8?b?VMOpbA==?=\r\n =?utf-8?b?w6ljb3BpZS5wZGY=?="',
            "Télécopie.pdf",
        ),
        (b'Content-Disposition: attachment; filename="=?iso-8859-1?Q?4058=5FS=E9guin.pdf?="', "4058_Séguin.pdf"),
        (b"Content-Disposition: attachment; filename*=UTF-8''Demande%20d%27acc%C3%A8s.pdf", "Demande d'accès.pdf"),
        (
            b"Content-Disposition: attachment;\r\n filename*0*=UTF-8''Demande%20d%E2%80%99acc;\r\n"
            b" filename*1*=%C3%A8s%20%28sign;\r\n filename*2*=%C3%A9e%29.pdf",
            "Demande d’accès (signée).pdf",
        ),
        (b'Content-Disposition: attachment; filename="T\xc3\xa9l\xc3\xa9.pdf"', "Télé.pdf"),
        (b'Content-Disposition: attachment; filename="T\xe9l\xe9.pdf"', "Télé.pdf"),
        (b'Content-Disposition: attachment; filename="Demande\r\n\td\'acces.pdf"', "Demande d'acces.pdf"),
        (b'Content-Type: application/pdf; name="=?martian?q?x=41?="', "xA"),
        (b"Content-Type: application/pdf; name*=martian''%41.pdf", "A.pdf"),
        (b'Content-Type: application/pdf; name="=?utf-8?b?a?="', "=?utf-8?b?a?="),
    ],
)
def test_a_pdf_is_taken_whatever_is_said_of_it(headers: bytes, name: str | None) -> None:
    assert documents(mail(part(headers))) == [(name, PDF)]


def test_a_mail_that_is_nothing_but_its_document() -> None:
    assert documents(TOP + part(b"Content-Type: application/pdf; name=a.pdf")) == [("a.pdf", PDF)]


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        (b"base64", encodebytes(PDF)),
        (b"BASE64", encodebytes(PDF).rstrip(b"=\n")),
        (b"base64", encodebytes(PDF).replace(b"\n", b"\r\n!\r\n")),
        (b"quoted-printable", b2a_qp(PDF, istext=False)),
        (b"binary", PDF),
        (b"8bit", PDF),
    ],
)
def test_transfer_encodings_are_undone(encoding: bytes, body: bytes) -> None:
    headers = b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: " + encoding
    assert documents(mail(headers + b"\r\n\r\n" + body)) == [("a.pdf", PDF)]


def test_one_letter_too_many_costs_no_more_than_itself() -> None:
    whole = encodebytes(b"%PDF-1.7").strip().rstrip(b"=")
    body = b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + whole + b"QU"
    assert documents(mail(body))[0][1].startswith(b"%PDF-1.7")


def test_order_and_equal_names_are_kept() -> None:
    same = b"Content-Type: application/pdf; name=a.pdf"
    found = documents(mail(part(same, OTHER_PDF), part(same), part(same, OTHER_PDF)))
    assert found == [("a.pdf", OTHER_PDF), ("a.pdf", PDF), ("a.pdf", OTHER_PDF)]


def forwarded(*parts: bytes) -> bytes:
    inner = b"From: x@example.org\r\nMessage-ID: <inner@example.org>\r\nDate: Fri, 1 Apr 2022 08:00:00 -0400\r\n"
    return inner + multipart(TEXT, *parts, boundary=b"inner")


def test_a_forwarded_message_is_opened_where_it_stands() -> None:
    inside = forwarded(part(b"Content-Type: application/pdf; name=in.pdf"))
    content = mail(
        part(b"Content-Type: application/pdf; name=before.pdf", OTHER_PDF),
        b"Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n" + inside,
        part(b"Content-Type: application/pdf; name=after.pdf", OTHER_PDF),
    )
    message = parse(content)
    assert [attachment.name for attachment in message.attachments] == ["before.pdf", "in.pdf", "after.pdf"]
    assert message.message_id == "<one@example.org>"
    assert message.received == datetime(2022, 4, 5, 13, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Type: message/rfc822",
        b"Content-Type: application/octet-stream; name=TR.eml\r\nContent-Disposition: attachment",
    ],
)
def test_a_forwarded_message_in_base64_is_opened_too(headers: bytes) -> None:
    inside = forwarded(part(b"Content-Type: application/pdf; name=in.pdf"))
    assert documents(mail(part(headers, inside))) == [("in.pdf", PDF)]


def test_multiparts_in_multiparts() -> None:
    letter = multipart(TEXT, HTML, subtype=b"alternative", boundary=b"three")
    logo = part(b"Content-Type: image/png; name=image001.png\r\nContent-Disposition: inline\r\nContent-ID: <l@x>", PNG)
    related = multipart(letter, logo, subtype=b"related", boundary=b"two")
    content = TOP + multipart(related, part(b"Content-Type: application/pdf; name=a.pdf"), boundary=b"one")
    assert documents(content) == [("a.pdf", PDF)]


def test_a_boundary_that_begins_like_another_ends_nothing() -> None:
    inner = multipart(TEXT, part(b"Content-Type: application/pdf; name=a.pdf"), boundary=b"b1")
    outer = multipart(inner, part(b"Content-Type: application/pdf; name=b.pdf"), boundary=b"b")
    assert [name for name, _ in documents(TOP + outer)] == ["a.pdf", "b.pdf"]


def test_a_mail_cut_short_keeps_what_came() -> None:
    whole = mail(part(b"Content-Type: application/pdf; name=a.pdf"))
    assert documents(whole[: whole.rindex(b"\r\n--=_b1")]) == [("a.pdf", PDF)]


def test_line_ends_and_a_mailbox_line_do_not_matter() -> None:
    whole = mail(part(b"Content-Type: application/pdf; name=a.pdf"))
    assert documents(b"From josee Tue Apr  5 09:12:00 2022\n" + whole.replace(b"\r\n", b"\n")) == [("a.pdf", PDF)]


def test_what_the_standard_library_writes_is_read_back() -> None:
    message = EmailMessage()
    message["From"] = "x@example.org"
    message.set_content("Bonjour")
    message.add_alternative("<p>Bonjour</p>", subtype="html")
    long = "Demande d’accès, très longue, signée – " * 2 + "fin.pdf"
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename=long)
    assert documents(message.as_bytes()) == [(long, PDF)]


# ---------------------------------------------------------------- what is a document


@pytest.mark.parametrize(
    ("headers", "content"),
    [
        (b"Content-Type: application/zip; name=a.zip", b"PK\x03\x04 stored: %PDF-1.7"),
        (b"Content-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment", b"no PDF"),
        (b"Content-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment", b""),
        (b"Content-Type: image/jpeg; name=IMG.JPG\r\nContent-Disposition: attachment; filename=IMG.JPG", PNG),
        (b"Content-Type: text/plain; name=notes.txt\r\nContent-Disposition: attachment", b"notes"),
        (b"Content-Type: application/octet-stream", b"something"),
    ],
)
def test_what_is_attached_and_no_pdf_is_a_document_all_the_same(headers: bytes, content: bytes) -> None:
    assert [found for _, found in documents(mail(part(headers, content)))] == [content]


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Type: image/png; name=image001.png\r\nContent-Disposition: inline; filename=image001.png",
        b"Content-Type: image/gif; name=signature.gif\r\nContent-ID: <logo1@x>",
        b"Content-Type: image/png",
        b"Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Disposition: attachment",
        b"Content-Type: message/delivery-status",
        b"Content-Type: text/plain; name=ATT00001.txt\r\nContent-Disposition: attachment; filename=ATT00001.txt",
    ],
)
def test_what_is_of_the_mail_itself_is_ignored_and_listed(headers: bytes) -> None:
    message = parse(mail(part(headers, PNG)))
    assert message.attachments == ()
    (why,) = message.ignored
    assert why.startswith(headers.split(b": ")[1].split(b";")[0].split(b"\r")[0].decode())


def test_a_logo_is_one_even_when_called_an_attachment() -> None:
    logo = part(b"Content-Type: image/png; name=l.png\r\nContent-Disposition: attachment\r\nContent-ID: <l@x>", PNG)
    message = parse(TOP + multipart(HTML, logo, subtype=b"related"))
    assert (message.attachments, message.ignored) == ((), ("image/png: an image of the mail itself",))


@pytest.mark.parametrize("body", [TEXT, HTML, multipart(TEXT, HTML, subtype=b"alternative"), b"\r\n", b""])
def test_a_mail_without_a_document(body: bytes) -> None:
    message = parse(TOP + body)
    assert (message.attachments, message.ignored) == ((), ())


def test_writing_about_pdf_files_is_no_pdf() -> None:
    assert documents(TOP + b"\r\nLe fichier commence par %PDF-1.7, pourquoi ?\r\n") == []


def test_parts_that_cannot_be_told_apart_are_no_empty_mail() -> None:
    whole = TOP + multipart(part(b"Content-Type: application/pdf"), boundary=b"lost")
    assert refusal(whole.replace(b'boundary="lost"', b"x=y")) is Code.DOCUMENT_UNREADABLE
    assert refusal(whole.replace(b'boundary="lost"', b"boundary=other")) is Code.DOCUMENT_UNREADABLE


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (b"../../etc/passwd.pdf", "passwd.pdf"),
        (b"UTF-8''..%5C..%5Cwindows%5Cwin1.pdf", "win1.pdf"),
        (b"UTF-8''..%2F..%2Fetc%2Fpasswd%00.pdf", "passwd.pdf"),
        (b"UTF-8''x%0D%0A.pdf", "x .pdf"),
        (b"UTF-8''gpj%E2%80%AEfdp.pdf", "gpjfdp.pdf"),
        (b"UTF-8''e%CC%81t%E2%80%8De%CC%81.pdf", "été.pdf"),
        (b"UTF-8''..", None),
        (b"UTF-8''a%2F", None),
        (b"UTF-8''%20%00%20", None),
        (b"UTF-8''" + b"e" * 300 + b".pdf", "e" * 116 + ".pdf"),
        (b"UTF-8''" + b"e" * 300, "e" * 120),
    ],
)
def test_hostile_names_are_made_harmless(written: bytes, shown: str | None) -> None:
    headers = b"Content-Disposition: attachment; filename" + (b"*=" if written.startswith(b"UTF") else b"=") + written
    assert documents(mail(part(headers))) == [(shown, PDF)]


# ---------------------------------------------------------------- headers


def test_the_topmost_received_header_dates_the_mail() -> None:
    received = parse(TOP + TEXT).received
    assert received is not None
    assert received.isoformat() == "2022-04-05T09:12:00-04:00"


@pytest.mark.parametrize(
    ("headers", "moment"),
    [
        (b"Date: Mon, 4 Apr 2022 01:00:00 -0400\r\n", datetime(2022, 4, 4, 5, tzinfo=UTC)),
        (b"Date: Mon, 4 Apr 2022 01:00:00 -0000\r\n", datetime(2022, 4, 4, 1, tzinfo=UTC)),
        (b"Date: 4 Apr 2022 01:00:00\r\n", datetime(2022, 4, 4, 1, tzinfo=UTC)),
        (b"Received: by mx\r\nDate: Mon, 4 Apr 2022 01:00:00 +0000\r\n", datetime(2022, 4, 4, 1, tzinfo=UTC)),
        (b"Received: by mx; soon\r\nDate: Mon, 4 Apr 2022 01:00:00 +0000\r\n", datetime(2022, 4, 4, 1, tzinfo=UTC)),
        (b"Received: a;\r\n\tMon, 4 Apr 2022\r\n 01:00:00 +0000 (UTC)\r\n", datetime(2022, 4, 4, 1, tzinfo=UTC)),
        (b"Date: yesterday\r\n", None),
        (b"Date: Mon, 4 Apr 2022 01:00:00 +9999\r\n", None),
        (b"Date: Mon, 4 Apr 9999 01:00:00 -1400\r\n", None),
        (b"Date: " + b"9" * 5000 + b"\r\n", None),
        (b"", None),
    ],
)
def test_dates(headers: bytes, moment: datetime | None) -> None:
    assert parse(headers + b"Subject: x\r\n\r\n").received == moment


def test_the_zone_of_the_date_is_kept() -> None:
    received = parse(b"Date: Mon, 4 Apr 2022 01:00:00 +0530\r\n\r\n").received
    assert received is not None
    assert received.utcoffset() == timedelta(hours=5, minutes=30)


@pytest.mark.parametrize(
    ("written", "sender"),
    [
        (b"Untel <a.b@example.org>", "a.b@example.org"),
        (b"a.b@example.org", "a.b@example.org"),
        (b'"<x@evil.example>" <a.b@example.org>', "a.b@example.org"),
        (b"=?utf-8?q?a=2Eb=40example=2Eorg?=", "a.b@example.org"),
        (b"nobody", None),
        (b"", None),
    ],
)
def test_the_sender_is_the_address_in_from(written: bytes, sender: str | None) -> None:
    assert parse(b"From: " + written + b"\r\n\r\n").sender == sender


@pytest.mark.parametrize(
    ("header", "value"),
    [
        (b"Message-ID:  <a@x> \r\n", "<a@x>"),
        (b"Message-Id:\r\n <a@x>\r\n", "<a@x>"),
        (b"MESSAGE-ID: <a@x>\r\nMessage-ID: <b@x>\r\n", "<a@x>"),
        (b"Message-ID: \r\n", None),
        (b"Message-ID: " + b"a" * 3000 + b"\r\n", None),
        (b"Subject: x\r\n", None),
    ],
)
def test_the_message_id(header: bytes, value: str | None) -> None:
    assert parse(header + b"\r\n").message_id == value


# ---------------------------------------------------------------- limits


def nested(depth: int) -> bytes:
    return (TOP + b"Content-Type: message/rfc822\r\n\r\n") * depth + TOP + part(b"Content-Type: application/pdf")


def test_at_the_limits_all_is_taken_and_beyond_nothing() -> None:
    one = part(b"Content-Type: application/pdf")
    assert len(parse(TOP + multipart(*[one] * 5), max_mail_parts=5).attachments) == 5
    assert refusal(TOP + multipart(*[one] * 6), max_mail_parts=5) is Code.PROCESSING_LIMIT
    assert len(parse(nested(3), max_mail_depth=3).attachments) == 1
    assert refusal(nested(4), max_mail_depth=3) is Code.PROCESSING_LIMIT


def test_a_mail_far_over_the_size_of_a_document_is_refused() -> None:
    assert parse(TOP + b"\r\n" + b"a" * 1000, max_bytes=1000).attachments == ()
    assert refusal(TOP + b"\r\n" + b"a" * 3000, max_bytes=1000) is Code.DOCUMENT_TOO_LARGE


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"Subject: " + b"a" * 20_000_000 + b"\r\n" + TOP + TEXT, id="a Subject of 20 MB"),
        pytest.param(b"Subject: " + b"=?utf-8?q?a?= " * 100_000 + b"\r\n" + TOP + TEXT, id="100,000 encoded words"),
        pytest.param(b"A: b\r\n" * 20_000 + TOP + TEXT, id="20,000 headers"),
        pytest.param(TOP + multipart(*[b""] * 200_000), id="200,000 empty parts"),
        pytest.param(nested(1000), id="1,000 messages in one another"),
        pytest.param(
            TOP
            + b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(1000)),
            id="1,000 multiparts in one another",
        ),
        pytest.param(mail(part(b"Content-Type: application/pdf; name=" + b'";' * 30_000)), id="quotes in a name"),
    ],
)
def test_what_would_take_for_ever_is_refused_at_once(content: bytes) -> None:
    assert refusal(content) is Code.PROCESSING_LIMIT


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"To: " + b'"' * 20_000 + b"\r\n" + TOP, id="quotes in To"),
        pytest.param(b"From: " + b'"' * 20_000 + b"\r\n" + TOP, id="quotes in From"),
        pytest.param(b"From: " + b"<a@" * 60_000 + b"\r\n" + TOP, id="brackets in From"),
        pytest.param(b"Date: " + b"(" * 200_000 + b"\r\n" + TOP, id="brackets in Date"),
        pytest.param(TOP + b"\r\n" + b"\n" * 20_000_000, id="20 MB of line ends"),
        pytest.param(mail(*[b"Content-Type: application/pdf" + b";" * 3_900 + b"\r\n\r\n"] * 40), id="semicolons"),
        pytest.param(mail(b"\n--=_b1x" * 1_000_000), id="what is nearly a delimiter"),
    ],
)
def test_what_is_strange_but_harmless_takes_no_time(content: bytes) -> None:
    start = time.process_time()
    parse(content)
    assert time.process_time() - start < 2.0


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Type: application/pdf; name*=a\x00b''%41",
        b"Content-Type: application/pdf; name*=zip''%41",
        b"Content-Type: application/pdf; name*" + b"9" * 3000 + b"*=a",
        b"Content-Type: application/pdf; name*0*=utf-8; name*0*=x; name*=y",
        b'Content-Type: application/pdf; name="=?a\x00b?q?x?="',
        b"Content-Type: application/pdf; name=\xff\xfe\xed\xa0\x80",
        b"Content-Type: ;;;=\x00",
        b"Content-Disposition: =",
    ],
)
def test_headers_that_break_the_standard_library_cost_at_most_the_name(headers: bytes) -> None:
    (found,) = parse(mail(part(headers))).attachments
    assert found.content == PDF
    assert found.name is None or found.name.encode()


def test_every_shortened_and_every_spoilt_mail_is_parsed_or_refused() -> None:
    whole = mail(
        part(b"Content-Type: application/pdf;\r\n name*0*=UTF-8''%C3%A9;\r\n name*1*=a.pdf"),
        b"Content-Type: message/rfc822\r\n\r\n" + forwarded(part(b"Content-Type: application/pdf")),
    )
    tried = 0
    for place in range(len(whole)):
        for spoilt in (whole[:place], whole[:place] + b"\x00" + whole[place + 1 :], whole[:place] + whole[place + 1 :]):
            try:
                parse(spoilt)
            except Refused as refused:
                assert refused.reasons[0].code in (Code.DOCUMENT_UNREADABLE, Code.PROCESSING_LIMIT)
            tried += 1
    assert tried == 3 * len(whole)


# ---------------------------------------------------------------- by content


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (PDF, True),
        (b"\xef\xbb\xbf" + PDF, True),
        (b"\n" * 1019 + PDF, True),
        (b"\n" * 1024 + PDF, False),
        (b"PK\x03\x04" + PDF, False),
        (b"%!PS-Adobe", False),
        (b"", False),
    ],
)
def test_looks_like_pdf(content: bytes, answer: bool) -> None:
    assert looks_like_pdf(content) is answer


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (TOP + TEXT, True),
        (TOP.replace(b"\r\n", b"\n"), True),
        (b"\r\n\r\n" + TOP, True),
        (b"\xef\xbb\xbf" + TOP, True),
        (b"From josee Tue Apr  5 09:12:00 2022\n" + TOP, True),
        (b"X-Spam: no\r\n\tfolded\r\n" + TOP, True),
        (b"From: a@example.org\nDate: today\n\nBonjour", True),
        (b"Date: 4 avril 2022\nSubject: notes\nTo: all\n\ntext", False),
        (b"Note: a\nTotal: 3\n", False),
        (b"Bonjour,\n\nFrom: a@example.org\nTo: b@example.org\nMessage-ID: <a>\n", False),
        (b"From: a@example.org\n", False),
        (PDF, False),
        (b"", False),
    ],
)
def test_looks_like_mail(content: bytes, answer: bool) -> None:
    assert looks_like_mail(content) is answer
