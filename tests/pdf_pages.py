"""PDF files for the tests, made here: scans in every encoding, pages filled on screen, and what is wrong with them."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Self

import cv2
import numpy as np
import pikepdf
from numpy.typing import NDArray
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image
from reportlab.pdfgen import canvas

Grey = NDArray[np.uint8]
LETTER = (612.0, 792.0)


def written_page(columns: int = 1700, rows: int = 2200, lines: int = 24) -> Grey:
    """A page of writing, with a bar in its top left corner alone, so that a turned one is seen to be turned."""
    pixels = np.full((rows, columns), 250, np.uint8)
    thick = max(1, columns // 600)
    for line in range(lines):
        y = int((line + 4) * rows / (lines + 6))
        cv2.putText(pixels, f"Demande {line} nom", (columns // 8, y), 0, columns / 1200, 30, thick)
    pixels[rows // 30 : rows // 18, columns // 20 : columns // 4] = 20
    return pixels


def blank_page(columns: int = 1700, rows: int = 2200) -> Grey:
    noise = np.random.default_rng(7).normal(244, 3, (rows, columns))
    return np.clip(noise, 0, 255).astype(np.uint8)


# ---------------------------------------------------------------- images


def jpeg(pixels: Grey, mode: str = "L") -> dict[str, Any]:
    out = BytesIO()
    Image.fromarray(pixels).convert(mode).save(out, "JPEG", quality=92)
    spaces = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}
    return {"data": out.getvalue(), "Filter": Name.DCTDecode, "ColorSpace": spaces[mode], "BitsPerComponent": 8}


def jpeg2000(pixels: Grey) -> dict[str, Any]:
    out = BytesIO()
    Image.fromarray(pixels).save(out, "JPEG2000")
    return {"data": out.getvalue(), "Filter": Name.JPXDecode, "ColorSpace": Name.DeviceGray, "BitsPerComponent": 8}


def fax(pixels: Grey) -> dict[str, Any]:
    """CCITT group 4."""
    out = BytesIO()
    Image.fromarray(pixels).point(lambda level: 255 * (level > 128)).convert("1").save(
        out, "TIFF", compression="group4", tiffinfo={278: pixels.shape[0]}
    )
    tags = Image.open(BytesIO(out.getvalue())).tag_v2  # type: ignore[attr-defined]
    (start,), (length,) = tags[273], tags[279]
    white_is_zero = tags[262] == 0
    parms = Dictionary(K=-1, Columns=pixels.shape[1], Rows=pixels.shape[0], BlackIs1=not white_is_zero)
    return {
        "data": out.getvalue()[start : start + length],
        "Filter": Name.CCITTFaxDecode,
        "DecodeParms": parms,
        "ColorSpace": Name.DeviceGray,
        "BitsPerComponent": 1,
    }


def plain(pixels: Grey) -> dict[str, Any]:
    return {"data": pixels.tobytes(), "ColorSpace": Name.DeviceGray, "BitsPerComponent": 8}


def stencil(pixels: Grey) -> dict[str, Any]:
    """A mask through which black is painted where the pixels are dark."""
    return {"data": np.packbits(pixels > 128, axis=1).tobytes(), "ImageMask": True, "BitsPerComponent": 1}


# ---------------------------------------------------------------- pages


class Scan:
    """A file of scanned pages."""

    def __init__(self) -> None:
        self.file = pikepdf.new()

    def image(self, pixels: Grey, encoded: dict[str, Any], **more: Any) -> Stream:
        keys = {f"/{key}": value for key, value in (encoded | more).items() if key != "data"}
        size = {"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": pixels.shape[1], "/Height": pixels.shape[0]}
        return Stream(self.file, encoded["data"], size | keys)

    def page(self, content: str, images: list[Stream], size: tuple[float, float] = LETTER, **keys: Any) -> pikepdf.Page:
        page = self.file.add_blank_page(page_size=size)
        names = Dictionary({f"/Im{index}": self.file.make_indirect(image) for index, image in enumerate(images)})
        page.obj.Resources = Dictionary(XObject=names, Font=Dictionary(F1=self.font()))
        page.obj.Contents = self.file.make_stream(content.encode())
        for key, value in keys.items():
            page.obj[f"/{key}"] = value
        return page

    def font(self) -> pikepdf.Object:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        return self.file.make_indirect(font)

    def full(self, pixels: Grey, encoded: dict[str, Any] | None = None, extra: str = "", **keys: Any) -> Self:
        """Adds a page that is this image."""
        self.page(f"q 612 0 0 792 0 0 cm /Im0 Do Q {extra}", [self.image(pixels, encoded or jpeg(pixels))], **keys)
        return self

    def annotate(self, subtype: str, box: tuple[float, ...], drawn: str | None, **keys: Any) -> Self:
        """Adds an annotation to the last page; `drawn` is its appearance (None: it has none)."""
        page = self.file.pages[-1].obj
        annotation = Dictionary(Type=Name.Annot, Subtype=Name(f"/{subtype}"), Rect=Array(box), F=4)
        if drawn is not None:
            form = self.file.make_stream(drawn.encode())
            form.Type, form.Subtype = Name.XObject, Name.Form
            form.BBox = Array([0, 0, box[2] - box[0], box[3] - box[1]])
            form.Resources = Dictionary(Font=Dictionary(F1=self.font()))
            annotation.AP = Dictionary(N=form)
        for key, value in keys.items():
            annotation[f"/{key}"] = value
        page.Annots = Array([*page.get("/Annots", []), self.file.make_indirect(annotation)])
        return self

    def bytes(self, **keys: Any) -> bytes:
        out = BytesIO()
        self.file.save(out, **keys)
        return out.getvalue()


class Digital(Scan):
    """A page of print that was never on paper, one line of it at a known place, to be filled and falsified."""

    def __init__(self, rotate: int = 0, content: str = "", **keys: Any) -> None:
        super().__init__()
        lines = "".join(f"1 0 0 1 72 {700 - 20 * line} Tm (Ligne {line} du formulaire) Tj " for line in range(20))
        text = f"BT /F1 11 Tf {lines} 1 0 0 1 300 100 Tm (repere) Tj ET"
        self.page(f"{text} {content}", [], Rotate=rotate, **keys)
        helvetica = Dictionary(F1=self.font())
        self.file.Root.AcroForm = Dictionary(
            Fields=Array(), DR=Dictionary(Font=helvetica), DA=pikepdf.String("/F1 10 Tf 0 g")
        )

    def field(self, name: str, value: str, drawn: str | None, **keys: Any) -> Digital:
        """Adds a text field at 300..500, 600..620 whose appearance says `drawn` (None: it has none)."""
        shown = None if drawn is None else f"/Tx BMC BT /F1 10 Tf 2 5 Td ({drawn}) Tj ET EMC"
        typed: dict[str, Any] = {"FT": Name.Tx, "T": pikepdf.String(name), "V": pikepdf.String(value)}
        typed["DA"] = pikepdf.String("/F1 10 Tf 0 g")
        self.annotate("Widget", (300, 600, 500, 620), shown, **(typed | keys))
        return self._join()

    def tick(self, value: str, state: str, on: str = "0 0 m 12 12 l 0 12 m 12 0 l 2 w S", off: str = "") -> Digital:
        """Adds a checkbox at 300..312, 560..572: the field's value, the widget's state, and how both states look."""
        looks = Dictionary()
        for name, drawn in (("/Oui", on), ("/Off", off)):
            look = self.file.make_stream(drawn.encode())
            look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 12, 12])
            looks[name] = look
        self.annotate(
            "Widget",
            (300, 560, 312, 572),
            None,
            FT=Name.Btn,
            T=pikepdf.String("case"),
            V=Name(value),
            AS=Name(state),
            AP=Dictionary(N=looks),
        )
        return self._join()

    def _join(self) -> Digital:
        self.file.Root.AcroForm.Fields.append(self.file.pages[-1].obj.Annots[-1])
        return self

    def layer(self, content: str, hidden: bool) -> Digital:
        """Adds content on a layer of its own."""
        group = self.file.make_indirect(Dictionary(Type=Name.OCG, Name=pikepdf.String("couche")))
        self.file.Root.OCProperties = Dictionary(
            OCGs=Array([group]), D=Dictionary({"/OFF" if hidden else "/ON": Array([group])})
        )
        page = self.file.pages[-1].obj
        page.Resources.Properties = Dictionary(L1=group)
        page.Contents = self.file.make_stream(page.Contents.read_bytes() + f" /OC /L1 BDC {content} EMC".encode())
        return self


def reportlab_form() -> bytes:
    """A fillable form as a common library makes it: print, a filled text field, one tick on and one off."""
    out = BytesIO()
    page = canvas.Canvas(out, pagesize=LETTER)
    for line in range(20):
        page.drawString(72, 700 - 20 * line, f"Ligne {line} du formulaire")
    page.acroForm.textfield(name="courriel", value="a.tremblay@xx.com", x=300, y=600, width=200, height=20)
    page.acroForm.checkbox(name="oui", checked=True, x=300, y=560, size=14, buttonStyle="check")
    page.acroForm.checkbox(name="non", checked=False, x=340, y=560, size=14, buttonStyle="check")
    page.save()
    return out.getvalue()
