"""Writes Datasets/digits and Datasets/iris from the copies in scikit-learn.

Run from the top of the repository: python Tests/Reference/export_datasets.py
"""

import json
from pathlib import Path

from sklearn.datasets import load_digits, load_iris

ROOT = Path(__file__).resolve().parents[2] / "Datasets"


def write(name, description, header, rows):
    folder = ROOT / name
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(description, indent=2, ensure_ascii=False) + "\n"
    (folder / "dataset.json").write_text(text, encoding="utf-8")
    lines = [",".join(header)] + [",".join(row) for row in rows]
    (folder / "data.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def number(value):
    return f"{value:g}"


digits = load_digits()
write(
    "digits",
    {
        "title": "Handwritten digits",
        "description": "Small pictures of handwritten digits, 8 by 8 pixels, each pixel a number"
        " from 0 to 16. Which digit is it?",
        "examples": 1797,
        "origin": "Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI"
        " Machine Learning Repository, 1998: the 1797 examples of its test part.",
        "license": "CC BY 4.0",
        "target": "digit",
        "classes": [str(digit) for digit in range(10)],
        "exampleShape": [64],
        "imageShape": [8, 8, 1],
        "range": [0, 16],
    },
    [f"pixel_{row}_{column}" for row in range(8) for column in range(8)] + ["digit"],
    [
        [number(v) for v in pixels] + [str(digit)]
        for pixels, digit in zip(digits.data, digits.target)
    ],
)

iris = load_iris()
write(
    "iris",
    {
        "title": "Iris flowers",
        "description": "Four measurements of 150 flowers. Setosa stands apart; versicolor and"
        " virginica overlap.",
        "examples": 150,
        "origin": "Measured by E. Anderson, published by R. A. Fisher, The use of multiple"
        " measurements in taxonomic problems, 1936; also in the UCI Machine Learning Repository.",
        "license": "CC BY 4.0",
        "target": "species",
        "classes": ["setosa", "versicolor", "virginica"],
        "exampleShape": [4],
    },
    ["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)", "species"],
    [
        [number(v) for v in flower] + [str(iris.target_names[species])]
        for flower, species in zip(iris.data, iris.target)
    ],
)
