"""Writes Tests/Reference/Media: pictures by Pillow, sound by Python's wave and SciPy, MNIST's kind of
arrays by struct, and with each the numbers that these libraries read in it, as an .npy beside it.

Run from the top of the repository: python Tests/Reference/export_media.py
Needs numpy, scipy and pillow.
"""

import gzip
import struct
import wave
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.io import wavfile

FOLDER = Path(__file__).resolve().parent / "Media"
FOLDER.mkdir(exist_ok=True)
rng = np.random.default_rng(5)


def expect(name, array):
    np.save(FOLDER / (name + ".npy"), np.asarray(array, "f4"))


def picture(name, image, mode):
    image.save(FOLDER / name)
    # What Pillow reads back from the file, in one or three channels.
    array = np.asarray(Image.open(FOLDER / name).convert(mode))
    expect(name, array.reshape(array.shape[0], array.shape[1], -1))


gray = Image.fromarray(rng.integers(0, 256, (5, 7), "u1"))
color = Image.fromarray(rng.integers(0, 256, (6, 4, 3), "u1"))
picture("gray.png", gray, "L")
picture("color.png", color, "RGB")
picture("palette.png", color.quantize(8), "RGB")
picture("bits.png", gray.convert("1"), "L")
picture("opaque.png", color.convert("RGBA"), "RGB")
picture("gray.pgm", gray, "L")
picture("color.ppm", color, "RGB")
digits = " ".join(map(str, np.asarray(gray).flatten()))
(FOLDER / "written.pgm").write_text(f"P2 # in digits\n7 5\n255\n{digits}\n")
expect("written.pgm", np.asarray(Image.open(FOLDER / "written.pgm"))[..., None])

shape = (4, 3, 2)
kinds = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}
for code, number in kinds.items():
    array = (rng.normal(size=shape) * 40 + 60).clip(0, 127).astype(code)
    header = struct.pack(">BBBB3I", 0, 0, number, 3, *shape)
    packed = header + array.astype(">" + code).tobytes()
    (FOLDER / f"{code}.idx").write_bytes(packed)
    expect(f"{code}.idx", array)
    if code == "u1":
        (FOLDER / "u1.idx.gz").write_bytes(gzip.compress(packed, mtime=0))
        expect("u1.idx.gz", array)

frames = rng.normal(size=(11, 2)).clip(-1, 1)
for bits in (8, 16, 24, 32):
    whole = np.round(frames * (2 ** (bits - 1) - 1)).astype("i8")
    stored = whole + 128 if bits == 8 else whole
    data = b"".join(int(v).to_bytes(bits // 8, "little", signed=bits > 8) for v in stored.flatten())
    with wave.open(str(FOLDER / f"pcm{bits}.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(bits // 8)
        file.setframerate(8000)
        file.writeframes(data)
    expect(f"pcm{bits}.wav", whole / 2 ** (bits - 1))
for code in ("f4", "f8"):
    wavfile.write(FOLDER / f"{code}.wav", 44100, frames.astype(code))
    expect(f"{code}.wav", wavfile.read(FOLDER / f"{code}.wav")[1])
