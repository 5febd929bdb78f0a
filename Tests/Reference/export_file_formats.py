"""Writes Tests/Reference/FileFormats: small files by NumPy and safetensors themselves.

Run from the top of the repository: python Tests/Reference/export_file_formats.py
"""

from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

FOLDER = Path(__file__).resolve().parent / "FileFormats"
FOLDER.mkdir(exist_ok=True)

# One array for every type of element and both orders of bytes: -2 … 3, or 0 … 5 without a sign.
for code in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
    first = 0 if code.startswith("u") else -2
    array = np.arange(first, first + 6).reshape(2, 3).astype(code)
    np.save(FOLDER / f"{code}_little.npy", array.astype("<" + code))
    np.save(FOLDER / f"{code}_big.npy", array.astype(">" + code))
np.save(FOLDER / "b1.npy", np.array([True, False, True]))
np.save(FOLDER / "scalar.npy", np.array(2.5))
np.save(FOLDER / "empty.npy", np.zeros((0, 3), "f4"))
np.save(FOLDER / "fortran.npy", np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)))
np.save(FOLDER / "text.npy", np.array(["a", "b"]))
for version in [(2, 0), (3, 0)]:
    with open(FOLDER / f"version{version[0]}.npy", "wb") as file:
        np.lib.format.write_array(file, np.arange(4, dtype="f4"), version=version)

x = np.arange(6, dtype="f4").reshape(3, 2) / 4
y = np.array([0, 1, 1])
np.savez(FOLDER / "stored.npz", x=x, y=y)
np.savez_compressed(FOLDER / "deflated.npz", x=x, y=y)

save_file(
    {
        "dense/kernel": np.array([[1, -2], [0.5, 3]], "f4"),
        "dense/bias": np.array([0.25, -0.125], "f2"),
        "steps": np.array(7, "i8"),
        "wide": np.array([1e-3], "f8"),
        "counts": np.array([-1, 2], "i4"),
    },
    FOLDER / "mixed.safetensors",
    metadata={"format": "np", "note": 'a "quoted" word, é'},
)
