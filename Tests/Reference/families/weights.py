"""regularizers.json and constraints.json: what acts on weights."""

from .common import *

R, C = "keras.regularizers.", "keras.constraints."


def matrices():
    draw = Draw(4)
    return {"matrix": draw.normal(4, 3), "wide": draw.normal(2, 5), "vector": draw.normal(6),
            "cube": draw.normal(2, 3, 4)}


def regularizers(weights):
    codes = [R + one for one in (
        "L1()", "L1(0.2)", "L1(l1=0.0)", "l1(0.03)", "L2()", "L2(0.2)", "L2(l2=0.0)", "l2(0.03)",
        "L1L2()", "L1L2(l1=0.1)", "L1L2(l2=0.1)", "L1L2(l1=0.02, l2=0.3)", "L1L2(0.02, 0.3)",
        "l1_l2(l1=0.02, l2=0.3)", "OrthogonalRegularizer()", "OrthogonalRegularizer(factor=0.3)",
        "OrthogonalRegularizer(mode='columns')",
        "OrthogonalRegularizer(factor=0.3, mode='columns')", "orthogonal_regularizer(0.1)",
        "get('l1')", "get('l2')", "get('l1l2')", "get('orthogonal_regularizer')")]
    cases = []
    for code in codes:
        regularizer = evaluate(code)
        for key, weight in weights.items():
            if "rthogonal" in code and weight.ndim != 2:
                continue
            w = leaf(weight)
            value = regularizer(w)
            gradient = torch.autograd.grad(value, w, allow_unused=True)[0] \
                if value.requires_grad else None
            cases.append({
                "name": type(regularizer).__name__, "code": code, "weights": key, "value": value,
                "gradient": torch.zeros_like(w) if gradient is None else gradient})
    write("regularizers", {"weights": weights, "cases": cases})


def constraints(weights):
    weights = dict(weights)
    weights["matrix"] = weights["matrix"] * np.array([0.3, 2, 0], np.float32)
    codes = [C + one for one in (
        "NonNeg()", "non_neg()", "MaxNorm()", "MaxNorm(max_value=0.5)", "max_norm(1)",
        "MaxNorm(1, axis=1)", "UnitNorm()", "UnitNorm(axis=1)", "unit_norm()", "MinMaxNorm()",
        "MinMaxNorm(min_value=0.5)", "MinMaxNorm(min_value=0.5, max_value=0.9, rate=0.3)",
        "MinMaxNorm(0.5, 0.9, 0.3, axis=1)", "MinMaxNorm(rate=0.5)", "min_max_norm(1, 2)",
        "MaxNorm(1, axis=[0, 1])", "UnitNorm(axis=[0, 1])", "UnitNorm(axis=-1)", "get('non_neg')",
        "get('NonNeg')", "get('max_norm')", "get('unit_norm')", "get('min_max_norm')")]
    cases = []
    for code in codes:
        constraint = evaluate(code)
        for key, weight in weights.items():
            axes = np.atleast_1d(getattr(constraint, "axis", 0))
            if max(axes) >= weight.ndim:
                continue
            cases.append({"name": type(constraint).__name__, "code": code, "weights": key,
                          "projected": constraint(torch.tensor(weight))})
    write("constraints", {"weights": weights, "cases": cases})


def generate():
    weights = matrices()
    regularizers(weights)
    constraints(weights)
