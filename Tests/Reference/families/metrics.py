"""metrics.json: every metric after each of three updates; what "accuracy" stands for."""

from .common import *

M = "keras.metrics."
COUNTS = dict(thresholds=[None, 0.3, [0.2, 0.5, 0.8], [0.0, 0.25, 0.5, 0.75, 1.0]])
CURVES = dict(num_thresholds=[200, 5, 3], class_id=[None, 1])
RATES = ["rates", "ratesRow"]
NUMBERS = ["numbers", "numbersRow"]

# For each metric the data it suits, and its arguments, defaults first.
OPTIONS = {
    "Accuracy": (["labels"], {}),
    "BinaryAccuracy": (RATES, dict(threshold=[0.5, 0.3])),
    "CategoricalAccuracy": (["classes"], {}),
    "SparseCategoricalAccuracy": (["sparse", "sparseColumn"], {}),
    "TopKCategoricalAccuracy": (["many"], dict(k=[5, 1, 2])),
    "SparseTopKCategoricalAccuracy": (["manySparse"], dict(k=[5, 1, 2])),
    "TruePositives": (RATES, COUNTS), "TrueNegatives": (RATES, COUNTS),
    "FalsePositives": (RATES, COUNTS), "FalseNegatives": (RATES, COUNTS),
    "Precision": (["classes", "rates"], dict(
        thresholds=[None, 0.3, [0.2, 0.8]], top_k=[None, 2], class_id=[None, 1])),
    "Recall": (["classes", "rates"], dict(
        thresholds=[None, 0.3, [0.2, 0.8]], top_k=[None, 2], class_id=[None, 1])),
    "SensitivityAtSpecificity": (["rates"], dict(specificity=[0.5, 0.9], **CURVES)),
    "SpecificityAtSensitivity": (["rates"], dict(sensitivity=[0.5, 0.9], **CURVES)),
    "PrecisionAtRecall": (["rates"], dict(recall=[0.5, 0.9], **CURVES)),
    "RecallAtPrecision": (["rates"], dict(precision=[0.5, 0.9], **CURVES)),
    "AUC": (RATES, dict(
        curve=["ROC", "PR"], summation_method=["interpolation", "minoring", "majoring"],
        num_thresholds=[200, 7], thresholds=[None, [0.2, 0.4, 0.7]],
        multi_label=[False, True], from_logits=[False, True],
        label_weights=[None, [0.5, 1.0, 0.2]])),
    "F1Score": (["classes", "rates"], dict(
        average=[None, "micro", "macro", "weighted"], threshold=[None, 0.4])),
    "FBetaScore": (["classes", "rates"], dict(
        average=[None, "micro", "macro", "weighted"], beta=[1.0, 2.0], threshold=[None, 0.4])),
    "R2Score": (["numbers"], dict(
        class_aggregation=["uniform_average", None, "variance_weighted_average"],
        num_regressors=[0, 2])),
    "MeanSquaredError": (NUMBERS, {}), "RootMeanSquaredError": (NUMBERS, {}),
    "MeanAbsoluteError": (NUMBERS, {}), "MeanAbsolutePercentageError": (["positive"], {}),
    "MeanSquaredLogarithmicError": (["positive"], {}),
    "CosineSimilarity": (["numbers"], dict(axis=[-1, 0])), "LogCoshError": (["numbers"], {}),
    "PearsonCorrelation": (["numbers"], dict(axis=[-1, 0])),
    "ConcordanceCorrelation": (["numbers"], dict(axis=[-1, 0])),
    "Hinge": (["rates", "signs"], {}), "SquaredHinge": (["rates", "signs"], {}),
    "CategoricalHinge": (["classes"], {}), "KLDivergence": (["classes"], {}),
    "Poisson": (["positive"], {}),
    "BinaryCrossentropy": (
        ["rates", "ratesColumn"], dict(from_logits=[False, True], label_smoothing=[0, 0.2])),
    "CategoricalCrossentropy": (
        ["classes"], dict(from_logits=[False, True], label_smoothing=[0, 0.2], axis=[-1])),
    "SparseCategoricalCrossentropy": (
        ["sparse"], dict(from_logits=[False, True], ignore_class=[None, 2])),
    "IoU": (["labels"], dict(num_classes=[4], target_class_ids=[[0], [1, 2, 3]])),
    "MeanIoU": (["labels"], dict(num_classes=[4, 6], ignore_class=[None, 1])),
    "BinaryIoU": (RATES, dict(target_class_ids=[(0, 1), [0], [1]], threshold=[0.5, 0.3])),
    "OneHotIoU": (["classes"], dict(num_classes=[4], target_class_ids=[[0], [1, 3]])),
    "OneHotMeanIoU": (["classes"], dict(num_classes=[4])),
}
REQUIRED = {"specificity", "sensitivity", "recall", "precision", "num_classes"}
OUTSIDE = {"Metric", "MeanMetricWrapper", "Mean", "Sum"}


def data():
    """Batches of 6, 5 and 4 rows of every kind: y_true and y_pred."""
    draw = Draw(6)
    sizes = (6, 5, 4)

    def batches(make):
        return [dict(zip(("yTrue", "yPred"), make(n))) for n in sizes]

    f = np.float32
    return {
        "labels": batches(lambda n: (draw.labels(4, n), draw.labels(4, n))),
        "rates": batches(lambda n: (draw.labels(2, n, 3).astype(f), draw.uniform(n, 3))),
        "ratesRow": batches(lambda n: (draw.labels(2, n).astype(f), draw.uniform(n, 1))),
        "ratesColumn": batches(lambda n: (draw.labels(2, n, 1).astype(f), draw.uniform(n, 1))),
        "many": batches(lambda n: (draw.one_hot(8, n), draw.probabilities(n, 8))),
        "manySparse": batches(lambda n: (draw.labels(8, n), draw.probabilities(n, 8))),
        "logits": batches(lambda n: (draw.labels(2, n, 3).astype(f), draw.normal(n, 3))),
        "classes": batches(lambda n: (draw.one_hot(4, n), draw.probabilities(n, 4))),
        "classesLogits": batches(lambda n: (draw.one_hot(4, n), draw.normal(n, 4))),
        "sparse": batches(lambda n: (draw.labels(4, n), draw.probabilities(n, 4))),
        "sparseColumn": batches(lambda n: (draw.labels(4, n, 1), draw.probabilities(n, 4))),
        "sparseLogits": batches(lambda n: (draw.labels(4, n), draw.normal(n, 4))),
        "numbers": batches(lambda n: (draw.normal(n, 3), draw.normal(n, 3))),
        "numbersRow": batches(lambda n: (draw.normal(n), draw.normal(n, 1))),
        "positive": batches(lambda n: (draw.uniform(n, 3, low=0.2, high=3),
                                       draw.uniform(n, 3, low=0.2, high=3))),
        "signs": batches(lambda n: (2 * draw.labels(2, n, 3).astype(f) - 1, draw.normal(n, 3))),
    }, [draw.uniform(n, low=0.1, high=2) for n in sizes]


def run(code, batches, weights):
    metric = evaluate(code)
    results = []
    for batch, weight in zip(batches, weights):
        pairs = [torch.tensor(batch[key]) for key in ("yTrue", "yPred")]
        metric.update_state(*pairs, sample_weight=weight)
        results.append(array(metric.result()))
    return metric, results


def generate():
    kinds, weights = data()
    cases = []
    known = {n for n, c in vars(keras.metrics).items() if isinstance(c, type)} - OUTSIDE
    assert known == set(OPTIONS), known ^ set(OPTIONS)
    for name, (suits, options) in OPTIONS.items():
        first = {key: values[0] for key, values in options.items()
                 if key in REQUIRED or (key == "target_class_ids" and name != "BinaryIoU")}
        for choice in pairwise(**options):
            choice = {**first, **choice}
            if not choice.get("multi_label") and name == "AUC":
                choice.pop("label_weights", None)
            if "thresholds" in choice:
                choice.pop("num_thresholds", None)
            for kind in suits:
                if kind.endswith("Row") and (choice.get("multi_label")
                                             or "class_id" in choice):
                    continue
                if choice.get("from_logits"):
                    kind = {"classes": "classesLogits", "sparse": "sparseLogits",
                            "rates": "logits", "ratesRow": "logits",
                            "ratesColumn": "logits"}[kind]
                code = call(M + name, **choice)
                for weighted in (False, True):
                    # Weights are of rows: neither of columns nor, here, of single cells.
                    if weighted and (choice.get("axis") == 0
                                     or (name, kind) == ("BinaryIoU", "rates")):
                        continue
                    given = weights if weighted else [None] * 3
                    metric, results = run(code, kinds[kind], given)
                    cases.append({"name": name, "code": code, "data": kind,
                                  "weighted": weighted, "logName": metric.name,
                                  "results": results})
    for name in ("Mean", "Sum"):
        for weighted in (False, True):
            metric, results = evaluate(f"{M}{name}()"), []
            for batch, weight in zip(kinds["numbers"], weights):
                metric.update_state(batch["yPred"], sample_weight=weight if weighted else None)
                results.append(array(metric.result()))
            cases.append({"name": name, "code": f"{M}{name}()", "data": "numbers",
                          "weighted": weighted, "logName": metric.name, "results": results})
    unique = {repr((c["code"], c["data"], c["weighted"])): c for c in cases}
    keras.backend.clear_session()
    write("metrics", {
        "data": kinds, "sampleWeights": weights, "resolutions": resolutions(),
        "cases": list(unique.values())})


def resolutions():
    """The class behind "accuracy" and the loss behind "crossentropy", by the shapes met."""
    from keras.src.trainers import compile_utils

    rows = []
    for true, predicted in [((8,), (8, 1)), ((8, 1), (8, 1)), ((8, 2), (8, 2)), ((8,), (8, 3)),
                            ((8, 1), (8, 3)), ((8, 3), (8, 3)), ((8, 5), (8, 5, 4)),
                            ((8, 5, 1), (8, 5, 4)), ((8, 5, 4), (8, 5, 4)), ((8, 5), (8, 5, 1))]:
        y, p = np.zeros(true), np.zeros(predicted)
        row = {"yTrue": list(true), "yPred": list(predicted)}
        for word in ("accuracy", "acc", "Accuracy"):
            row[word] = type(compile_utils.get_metric(word, y, p)).__name__
        for word in ("crossentropy", "ce"):
            row[word] = compile_utils.get_loss(word, y, p).fn.__name__
        rows.append(row)
    return rows
