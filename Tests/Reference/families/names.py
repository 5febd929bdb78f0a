"""signatures.json and aliases.json: how members are called."""

import inspect

from .common import *

from keras.src.utils.naming import to_snake_case

# For each family its module, its `get`, and words from other times that may be refused today.
FAMILIES = {
    "activations": (keras.activations, ["SiLU", "ReLU", "Relu", "SELU"]),
    "initializers": (keras.initializers, ["lecun_normal", "he_uniform", "Zero", "random"]),
    "regularizers": (keras.regularizers, ["l1_l2", "L1_L2", "orthogonal"]),
    "constraints": (keras.constraints, ["nonneg", "maxnorm", "unitnorm"]),
    "losses": (keras.losses, [
        "logcosh", "huber_loss", "cosine_proximity", "kullback_leibler_divergence", "crossentropy",
        "mean_squared_error_loss", "binary_crossentropy_loss", "CategoricalGeneralizedCrossEntropy",
        "categorical_generalized_cross_entropy", "l2", "nll"]),
    "metrics": (keras.metrics, [
        "acc", "logcosh", "huber", "top_k", "f1", "fbeta", "kullback_leibler_divergence",
        "crossentropy", "AUC", "auc", "loss", "cosine_proximity", "rmse", "kld", "KLD"]),
    "optimizers": (keras.optimizers, [
        "SGD", "Sgd", "RMSProp", "rmsprop", "ADAM", "AdamW", "adamw", "adam_w", "rm_sprop", "Lamb",
        "lamb", "momentum", "Nadam", "adadelta"]),
}

# Layers that feed-forward nets are made of, and what surrounds them.
LAYERS = [
    "Input", "InputLayer", "Dense", "EinsumDense", "Embedding", "Activation", "ReLU", "LeakyReLU",
    "PReLU", "ELU", "Softmax", "Identity", "Lambda", "Masking", "BatchNormalization",
    "LayerNormalization", "GroupNormalization", "RMSNormalization", "UnitNormalization",
    "SpectralNormalization", "Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout",
    "AlphaDropout", "ActivityRegularization", "Flatten", "Reshape", "Permute", "RepeatVector",
    "Rescaling", "Normalization", "CategoryEncoding", "Discretization", "Hashing",
    "IntegerLookup", "StringLookup", "Add", "Subtract", "Multiply", "Average", "Maximum",
    "Minimum", "Concatenate", "Dot", "Wrapper", "TimeDistributed", "Layer", "Conv1D", "Conv2D",
    "Conv1DTranspose", "Conv2DTranspose", "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D",
    "SeparableConv2D",
    "MaxPooling1D", "MaxPooling2D", "AveragePooling1D", "AveragePooling2D",
    "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalMaxPooling1D",
    "GlobalMaxPooling2D", "ZeroPadding1D", "ZeroPadding2D", "Cropping1D", "Cropping2D",
    "UpSampling1D", "UpSampling2D", "SpatialDropout2D", "RandomFlip", "RandomTranslation",
    "RandomRotation", "RandomZoom", "RandomContrast", "LSTM", "GRU", "SimpleRNN", "Bidirectional",
    "MultiHeadAttention", "add", "subtract", "multiply", "average", "maximum", "Attention",
    "AdditiveAttention", "minimum", "concatenate", "dot",
]
OTHERS = {
    "models": ["Model", "Sequential", "clone_model", "load_model", "save_model"],
    "callbacks": [n for n in vars(keras.callbacks) if n[0].isupper()],
    "utils": ["to_categorical", "normalize", "set_random_seed", "plot_model", "pad_sequences",
              "split_dataset", "get_file"],
}
METHODS = ["compile", "fit", "evaluate", "predict", "train_on_batch", "test_on_batch",
           "predict_on_batch", "summary", "add", "pop", "build", "get_layer", "save",
           "save_weights", "load_weights", "count_params", "get_weights", "set_weights", "add_loss",
           "compute_loss", "add_weight", "get_config", "call", "__call__"]


def written(value):
    """A default as code, in which 1 and 1.0 differ; an object's class in angle brackets."""
    if isinstance(value, (bool, int, float, str, list, tuple)) or value is None:
        return repr(value)
    return f"<{value.__name__ if isinstance(value, type) else type(value).__name__}>"


def arguments(callable_):
    """Name, kind and default (as code) of each argument; `**` stands for any more by name."""
    rows = []
    for name, parameter in inspect.signature(callable_).parameters.items():
        if name == "self":
            continue
        kind = {parameter.VAR_KEYWORD: "**", parameter.VAR_POSITIONAL: "*",
                parameter.KEYWORD_ONLY: "keyword"}.get(parameter.kind, "any")
        row = {"name": name, "kind": kind}
        if parameter.default is not inspect.Parameter.empty:
            row["default"] = written(parameter.default)
        rows.append(row)
    return rows


def signature(one):
    return arguments(one.__init__ if isinstance(one, type) else one)


def signatures():
    content = {}
    for family, (module, _) in FAMILIES.items():
        for name, one in sorted(vars(module).items()):
            if callable(one) and not name.startswith("_"):
                content[f"keras.{family}.{name}"] = signature(one)
    for name, one in sorted(vars(keras.optimizers.schedules).items()):
        if isinstance(one, type):
            content[f"keras.optimizers.schedules.{name}"] = signature(one)
    for name in LAYERS:
        one = getattr(keras.layers, name)
        content[f"keras.layers.{name}"] = signature(one)
    for family, names in OTHERS.items():
        for name in names:
            one = getattr(getattr(keras, family), name)
            content[f"keras.{family}.{name}"] = signature(one)
    for kind in (keras.Sequential, keras.Model, keras.layers.Layer):
        for name in METHODS:
            if hasattr(kind, name):
                content[f"keras.{kind.__name__}.{name}"] = arguments(getattr(kind, name))
    return content


def described(one):
    """The name of a class, or of the class of an object, or of a function."""
    if isinstance(one, type) or inspect.isfunction(one):
        return one.__name__
    return type(one).__name__


def strings(family):
    """Every known string with what `get` makes of it; refused ones with null."""
    module, more = FAMILIES[family]
    known = set(more)
    known |= set(getattr(keras.src, family).ALL_OBJECTS_DICT)
    known |= {n for n, c in vars(module).items() if callable(c)} - {
        "get", "serialize", "deserialize"}
    known |= {to_snake_case(name) for name in known}
    rows = {}
    for word in sorted(known):
        try:
            rows[word] = described(module.get(word))
        except (ValueError, TypeError, AttributeError, KeyError):
            rows[word] = None
    return rows


def attributes(module):
    """Names a module has, with the class or function behind each."""
    return {n: described(c) for n, c in sorted(vars(module).items())
            if callable(c) and not n.startswith("_")}


def generate():
    content = {}
    for family, (module, _) in FAMILIES.items():
        content[f"{family}/strings"] = strings(family)
        content[f"{family}/attributes"] = attributes(module)
    for family in ("layers", "models", "callbacks", "utils", "ops"):
        content[f"{family}/attributes"] = attributes(getattr(keras, family))
    content["layers/defaultNames"] = {
        c.__name__: to_snake_case(c.__name__) for n, c in sorted(vars(keras.layers).items())
        if isinstance(c, type)}
    content["optimizers/defaultNames"] = {
        n: to_snake_case(n) for n in sorted(vars(keras.optimizers)) if n[0].isupper()}
    content["metrics/defaultNames"] = metric_names()
    content["losses/defaultNames"] = {
        n: c().name for n, c in sorted(vars(keras.losses).items())
        if isinstance(c, type) and n != "Loss"}
    content["models/defaultNames"] = {"Sequential": "sequential", "Model": "functional"}
    write("aliases", content)
    write("signatures", signatures())


def metric_names():
    """A metric's name in logs, where its class gives one without a count."""
    names = {}
    for name, kind in sorted(vars(keras.metrics).items()):
        if not isinstance(kind, type) or name in ("Metric", "MeanMetricWrapper"):
            continue
        default = inspect.signature(kind.__init__).parameters["name"].default
        names[name] = default if default is not None else to_snake_case(name)
    return names
