"""losses.json: values and gradients of every loss, and the strings that stand for it."""

import torch.nn.functional as F

from .common import *

REDUCTIONS = ["sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", None]
NUMBERS = [("numbers", "numbers"), ("numbersPlane", "numbersPlane")]
POSITIVE = [("positive", "positive")]
CLASSES = [("oneHot", "probabilities"), ("oneHotPlane", "probabilitiesPlane")]
ALPHAS = [0.25, 0.6]

# For each loss the tensors it suits, y_true and y_pred, and its arguments, defaults first.
OPTIONS = {
    "MeanSquaredError": (NUMBERS + [("column", "numbersColumn")], {}),
    "MeanAbsoluteError": (NUMBERS, {}),
    "MeanAbsolutePercentageError": (POSITIVE, {}),
    "MeanSquaredLogarithmicError": (POSITIVE + NUMBERS[:1], {}),
    "CosineSimilarity": (NUMBERS, dict(axis=[-1, 1])),
    "Huber": (NUMBERS, dict(delta=[1.0, 0.3, 2.5])),
    "LogCosh": (NUMBERS, {}),
    "Hinge": ([("signs", "numbers"), ("binary", "numbers")], {}),
    "SquaredHinge": ([("signs", "numbers"), ("binary", "numbers")], {}),
    "CategoricalHinge": ([("oneHot", "logits"), ("oneHotPlane", "logitsPlane")], {}),
    "KLDivergence": ([("soft", "probabilities"), ("oneHot", "probabilities")], {}),
    "Poisson": (POSITIVE, {}),
    "BinaryCrossentropy": (
        [("binary", "rates"), ("column01", "ratesColumn"), ("binaryPlane", "ratesPlane")],
        dict(from_logits=[False, True], label_smoothing=[0.0, 0.2], axis=[-1, 1])),
    "BinaryFocalCrossentropy": (
        [("binary", "rates"), ("binaryPlane", "ratesPlane")],
        dict(apply_class_balancing=[False, True], alpha=ALPHAS, gamma=[2.0, 3.0],
             from_logits=[False, True], label_smoothing=[0.0, 0.2], axis=[-1, 1])),
    "CategoricalCrossentropy": (
        CLASSES, dict(from_logits=[False, True], label_smoothing=[0.0, 0.1], axis=[-1, 1])),
    "CategoricalFocalCrossentropy": (
        CLASSES, dict(alpha=ALPHAS + [[0.2, 0.5, 0.1, 0.9]], gamma=[2.0, 3.0],
                      from_logits=[False, True], label_smoothing=[0.0, 0.1])),
    "SparseCategoricalCrossentropy": (
        [("labels", "probabilities"), ("labelsColumn", "probabilities"),
         ("labelsPlane", "probabilitiesPlane")],
        dict(from_logits=[False, True], ignore_class=[None, 2])),
    "Dice": ([("binary", "rates")], dict(axis=[None, 1])),
    "Tversky": ([("binary", "rates")], dict(alpha=[0.5, 0.3], beta=[0.5, 0.9], axis=[None, 1])),
    "Circle": ([("labels", "directions")], dict(
        gamma=[80.0, 10.0], margin=[0.4, 0.25], remove_diagonal=[True, False])),
    "CategoricalGeneralizedCrossEntropy": (
        [("labels", "probabilities")], dict(q=[0.5, 0.8])),
}


def tensors():
    draw = Draw(2)
    unit = draw.normal(6, 4)
    unit /= np.linalg.norm(unit, axis=-1, keepdims=True)
    true = {
        "numbers": draw.normal(6, 4), "numbersPlane": draw.normal(3, 4, 2),
        "column": draw.normal(6), "positive": draw.uniform(6, 4, low=0.2, high=3),
        "binary": draw.labels(2, 6, 4).astype(np.float32),
        "binaryPlane": draw.labels(2, 3, 4, 2).astype(np.float32),
        "column01": draw.labels(2, 6).astype(np.float32), "oneHot": draw.one_hot(4, 6),
        "oneHotPlane": draw.one_hot(4, 3, 4), "soft": draw.probabilities(6, 4),
        "labels": np.array([0, 1, 2, 3, 1, 0], np.int32),
        "labelsColumn": draw.labels(4, 6, 1), "labelsPlane": draw.labels(4, 3, 4),
    }
    true["signs"] = 2 * draw.labels(2, 6, 4).astype(np.float32) - 1
    predicted = {
        "numbers": draw.normal(6, 4), "numbersPlane": draw.normal(3, 4, 2),
        "numbersColumn": draw.normal(6, 1), "positive": draw.uniform(6, 4, low=0.2, high=3),
        "rates": draw.uniform(6, 4, low=0.02, high=0.98),
        "ratesPlane": draw.uniform(3, 4, 2, low=0.02, high=0.98),
        "ratesColumn": draw.uniform(6, 1, low=0.02, high=0.98),
        "logits": draw.normal(6, 4, scale=2), "logitsPlane": draw.normal(3, 4, 4, scale=2),
        "logitsPair": draw.normal(3, 4, 2, scale=2), "logitsColumn": draw.normal(6, 1, scale=2),
        "probabilities": draw.probabilities(6, 4),
        "probabilitiesPlane": draw.probabilities(3, 4, 4), "directions": unit,
        # Sure of itself: at 0 and 1, where the clips are.
        "certain": np.array([[0, 1, 0, 0], [1, 0, 0, 0]] * 3, np.float32),
    }
    weights = {"rows": np.array([0.5, 2, 0, 1, 1.5, 0.25], np.float32),
               "rowsColumn": np.array([[0.5], [2], [0], [1], [1.5], [0.25]], np.float32),
               "planes": np.array([[0.5], [2], [0]], np.float32),
               "cells": draw.uniform(3, 4, high=2)}
    return true, predicted, weights


LOGITS = {"rates": "logits", "ratesPlane": "logitsPair", "ratesColumn": "logitsColumn",
          "probabilities": "logits", "probabilitiesPlane": "logitsPlane"}


def generate():
    true, predicted, weights = tensors()
    cases = []
    known = {n for n, c in vars(keras.losses).items() if isinstance(c, type)} - {"Loss", "CTC"}
    assert known == set(OPTIONS), known ^ set(OPTIONS)

    def add(name, choice, y_true, y_pred, weight):
        code = call(f"keras.losses.{name}", **choice)
        loss = evaluate(code)
        x = leaf(predicted[y_pred])
        w = None if weight is None else weights[weight]
        value = loss(true[y_true], x, sample_weight=w)
        value.sum().backward()
        cases.append({"name": name, "code": code, "yTrue": y_true, "yPred": y_pred,
                      "sampleWeight": weight, "loss": value, "gradient": x.grad})

    for name, (pairs, options) in OPTIONS.items():
        whole = name in ("Dice", "Tversky")
        for choice in pairwise(**options, reduction=REDUCTIONS):
            for y_true, y_pred in pairs:
                plane = true[y_true].ndim > 1 and predicted[y_pred].ndim == 3
                given = dict(choice)
                # The second axis is the last one of a matrix, and taken away by its labels.
                if not plane and not whole and name != "CosineSimilarity":
                    given.pop("axis", None)
                prediction = LOGITS[y_pred] if given.get("from_logits") else y_pred
                kinds = [None] + (["planes", "cells"] if plane else ["rows", "rowsColumn"])
                if plane and "axis" in given:
                    kinds = [None]
                elif plane and "ignore_class" in given:
                    kinds.remove("planes")
                if whole:
                    kinds = [None, "rows"] if "axis" in given else [None]
                for kind in kinds:
                    if kind == "rowsColumn" and len(cases) % 3:
                        continue
                    add(name, given, y_true, prediction, kind)
    for name, y_true in [("BinaryCrossentropy", "binary"), ("CategoricalCrossentropy", "oneHot"),
                         ("SparseCategoricalCrossentropy", "labels"), ("KLDivergence", "oneHot"),
                         ("BinaryFocalCrossentropy", "binary"), ("Poisson", "binary")]:
        add(name, {}, y_true, "certain", None)
    unique = {repr((c["code"], c["yTrue"], c["yPred"], c["sampleWeight"])): c for c in cases}
    facts(true, predicted)
    write("losses", {"yTrue": true, "yPred": predicted, "sampleWeight": weights,
                     "cases": list(unique.values())})


def facts(true, predicted):
    t = {k: torch.tensor(v) for k, v in true.items()}
    p = {k: torch.tensor(v) for k, v in predicted.items()}
    long = t["labels"].long()
    rows = [
        ("MeanSquaredError", {}, "numbers", "numbers", F.mse_loss(p["numbers"], t["numbers"])),
        ("MeanAbsoluteError", {}, "numbers", "numbers", F.l1_loss(p["numbers"], t["numbers"])),
        ("Huber", dict(delta=0.3), "numbers", "numbers",
         F.huber_loss(p["numbers"], t["numbers"], delta=0.3)),
        ("BinaryCrossentropy", {}, "binary", "rates",
         F.binary_cross_entropy(p["rates"], t["binary"])),
        ("BinaryCrossentropy", dict(from_logits=True), "binary", "logits",
         F.binary_cross_entropy_with_logits(p["logits"], t["binary"])),
        ("CategoricalCrossentropy", dict(from_logits=True), "oneHot", "logits",
         F.cross_entropy(p["logits"], t["oneHot"])),
        ("CategoricalCrossentropy", dict(from_logits=True, label_smoothing=0.1), "oneHot",
         "logits", F.cross_entropy(p["logits"], t["oneHot"], label_smoothing=0.1)),
        ("SparseCategoricalCrossentropy", dict(from_logits=True), "labels", "logits",
         F.cross_entropy(p["logits"], long)),
        ("SparseCategoricalCrossentropy", dict(from_logits=True, ignore_class=2), "labels",
         "logits", F.cross_entropy(p["logits"], long, ignore_index=2)),
        ("KLDivergence", {}, "soft", "probabilities",
         F.kl_div(p["probabilities"].log(), t["soft"], reduction="batchmean")),
        ("Poisson", {}, "positive", "positive",
         F.poisson_nll_loss(p["positive"], t["positive"], log_input=False, eps=1e-7)),
        ("CosineSimilarity", {}, "numbers", "numbers",
         -F.cosine_similarity(p["numbers"], t["numbers"]).mean()),
    ]
    for name, choice, y_true, y_pred, expected in rows:
        code = call(name, **choice)
        compare(f"loss {code}", evaluate("keras.losses." + code)(true[y_true], predicted[y_pred]),
                expected)
