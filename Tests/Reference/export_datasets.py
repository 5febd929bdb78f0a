"""Writes the content of Datasets from the copies in scikit-learn.

Run from the top of the repository: python Tests/Reference/export_datasets.py
"""

import json
from pathlib import Path

from sklearn.datasets import (
    load_breast_cancer,
    load_diabetes,
    load_digits,
    load_iris,
    load_wine,
)

ROOT = Path(__file__).resolve().parents[2] / "Datasets"


def write(name, description, header, rows):
    folder = ROOT / name
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(description, indent=2, ensure_ascii=False) + "\n"
    (folder / "dataset.json").write_text(text, encoding="utf-8")
    lines = [",".join(header)] + [",".join(row) for row in rows]
    (folder / "data.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def number(value):
    """The shortest text that reads back exactly; whole numbers without a point."""
    return repr(float(value)).removesuffix(".0")


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

wine = load_wine()
write(
    "wine",
    {
        "title": "Wines",
        "description": "Thirteen chemical measurements of wines from three growers. Their scales"
        " differ a thousandfold: standardize them.",
        "examples": 178,
        "origin": "Wine recognition data, M. Forina and others, S. Aeberhard, UCI Machine Learning"
        " Repository, 1992.",
        "license": "CC BY 4.0",
        "target": "grower",
        "classes": ["0", "1", "2"],
        "exampleShape": [13],
    },
    list(wine.feature_names) + ["grower"],
    [[number(v) for v in row] + [str(target)] for row, target in zip(wine.data, wine.target)],
)

cancer = load_breast_cancer()
write(
    "breast_cancer",
    {
        "title": "Breast cancer",
        "description": "Thirty measurements of cell nuclei in a tissue sample, seen through a"
        " microscope. Is the tumor benign?",
        "examples": 569,
        "origin": "Breast Cancer Wisconsin (Diagnostic), W. Wolberg, O. Mangasarian, N. Street and"
        " W. Street, UCI Machine Learning Repository, 1995.",
        "license": "CC BY 4.0",
        "target": "diagnosis",
        "classes": ["malignant", "benign"],
        "exampleShape": [30],
    },
    list(cancer.feature_names) + ["diagnosis"],
    [
        [number(v) for v in row] + [str(cancer.target_names[target])]
        for row, target in zip(cancer.data, cancer.target)
    ],
)

# Unscaled: as measured, in units that a student can read.
diabetes = load_diabetes(scaled=False)
write(
    "diabetes",
    {
        "title": "Diabetes",
        "description": "Age, sex, body mass index, blood pressure and six blood values of 442"
        " patients. How far has the disease gone one year later?",
        "examples": 442,
        "origin": "B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, Least Angle Regression,"
        " Annals of Statistics, 2004: data published with the paper, copied from scikit-learn.",
        "license": "none stated by its authors; distributed in scikit-learn under BSD-3-Clause",
        "target": "progression",
        "exampleShape": [10],
    },
    list(diabetes.feature_names) + ["progression"],
    [
        [number(v) for v in row] + [number(target)]
        for row, target in zip(diabetes.data, diabetes.target)
    ],
)
