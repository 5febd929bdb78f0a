"""Writes random functional models of ten or more layers of all kinds as Keras programs, and what
Keras makes of them in twenty steps.

    KERAS_BACKEND=torch python3 deep_nets.py deep_nets.json 25 1 2 3 4    # at most 25 of each seed

The models read pictures, sequences or words. Every layer is made in Keras as it is drawn: what Keras
refuses is drawn again, and the next layer is one for the shape that came out. The file holds for each
model the program, which prints the loss of every step, outputs, and the size of every weight, and what
Keras printed. Models in which rounding alone carries Keras away from itself (in Float64) are left out,
and those with masks before several heads: a row that may look nowhere has a gradient in PyTorch that
is not its output's. Those masks are in layers_masking.json.
"""

import contextlib
import io
import json
import random
import sys

import keras
import numpy as np
import torch
from keras import layers

torch.set_num_threads(1)

SMOOTH = ["tanh", "sigmoid", "softplus", "elu", "gelu", "silu", "softsign", "mish", "linear"]
GATES = ["sigmoid", "tanh", "linear"]
MOST_NUMBERS, MOST_WEIGHTS, TOLERANCE = 500, 4000, 1e-5


class Net:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []
        self.names = {"keras": keras, "layers": layers}
        self.count = 0
        self.made = 0

    # -- drawing

    def one(self, choices):
        return self.random.choice(choices)

    def chance(self, probability=0.5):
        return self.random.random() < probability

    def between(self, low, high):
        return self.random.randint(low, high)

    def shape(self, name):
        return tuple(self.names[name].shape[1:])

    def arguments(self, *always, **maybe):
        """What is always given, and some of what may be: each a list of values to draw one from."""
        given = list(always)
        for name, choices in maybe.items():
            if self.chance(0.45):
                given.append(f"{name}={self.one(choices)!r}")
        return ", ".join(given)

    # -- statements

    def say(self, code):
        exec(code, self.names)
        self.lines.append(code)

    def attempt(self, code, layers_made=1):
        """A new name for what the code makes, or None where Keras refuses it or it is too large."""
        name = f"x{self.made + 1}"
        try:
            made = eval(code, self.names)
            size = int(np.prod([d for d in made.shape[1:]]))
        except Exception:
            return None
        if size > MOST_NUMBERS or size < 1 or len(made.shape) < 2:
            return None
        self.made += 1
        self.count += layers_made
        self.names[name] = made
        self.lines.append(f"{name} = {code}")
        return name

    # -- layers by the rank of what goes in

    def activation(self):
        return f"activation='{self.one(SMOOTH)}'"

    def picture(self, x):
        kind = self.one(["Conv2D"] * 4 + ["DepthwiseConv2D", "SeparableConv2D", "Conv2DTranspose",
                         "MaxPooling2D", "AveragePooling2D", "UpSampling2D", "ZeroPadding2D",
                         "Cropping2D", "norm", "norm", "GlobalMaxPooling2D", "rows", "Dense",
                         "SpatialDropout2D"])
        channels = self.shape(x)[-1]
        size = self.one(["2", "3", "(2, 3)", "1", "(3, 1)"])
        more = dict(padding=["same", "valid"], strides=[2, (1, 2), 1], dilation_rate=[2, (2, 1)],
                    use_bias=[False])
        if kind == "Conv2D":
            groups = self.one([g for g in (1, 2, 3, 4) if channels % g == 0])
            filters = groups * self.between(1, 3)
            extra = [f"groups={groups}"] if groups > 1 else []
            given = self.arguments(f"{filters}", size, self.activation(), *extra, **more)
        elif kind == "DepthwiseConv2D":
            more["strides"] = [2, 1]
            given = self.arguments(size, depth_multiplier=[1, 2], **more)
        elif kind == "SeparableConv2D":
            more["strides"] = [2, 1]
            given = self.arguments(f"{self.between(1, 4)}", size, self.activation(),
                                   depth_multiplier=[1, 2], **more)
        elif kind == "Conv2DTranspose":
            given = self.arguments(f"{self.between(1, 3)}", size, self.activation(),
                                   padding=["same", "valid"], strides=[2, (2, 1)],
                                   use_bias=[False])
        elif kind in ("MaxPooling2D", "AveragePooling2D"):
            given = self.arguments(self.one(["2", "3", "(1, 2)"]), strides=[1, 2],
                                   padding=["same"])
        elif kind == "UpSampling2D":
            given = self.arguments(self.one(["2", "(1, 2)"]), interpolation=["bilinear"])
        elif kind == "ZeroPadding2D":
            given = self.one(["1", "((1, 0), (0, 2))"])
        elif kind == "Cropping2D":
            given = self.one(["1", "((1, 0), (0, 1))"])
        elif kind == "norm":
            return self.norm(x)
        elif kind == "rows":
            height, width, channels = self.shape(x)
            return self.attempt(f"layers.Reshape(({height}, {width * channels}))({x})")
        elif kind == "Dense":
            given = f"{self.between(1, 4)}, {self.activation()}"
        elif kind == "SpatialDropout2D":
            given = "0.0"
        else:
            given = "keepdims=True" if self.chance() else ""
        return self.attempt(f"layers.{kind}({given})({x})")

    def norm(self, x):
        channels = self.shape(x)[-1]
        kind = self.one(["BatchNormalization", "LayerNormalization", "GroupNormalization",
                         "RMSNormalization", "UnitNormalization"])
        if kind == "BatchNormalization":
            given = self.arguments(momentum=[0.9, 0.7], center=[False], scale=[False])
        elif kind == "LayerNormalization":
            given = self.arguments(epsilon=[0.01], center=[False], scale=[False])
        elif kind == "GroupNormalization":
            groups = self.one([g for g in (1, 2, 3, 4, channels, -1) if channels % g == 0])
            given = self.arguments(f"{groups}", epsilon=[0.01], scale=[False])
        elif kind == "RMSNormalization":
            given = self.arguments(epsilon=[0.01])
        else:
            given = ""
        return self.attempt(f"layers.{kind}({given})({x})")

    def recurrent(self, sequences=None):
        kind = self.one(["SimpleRNN", "LSTM", "GRU"])
        more = dict(activation=["tanh", "sigmoid", "linear"], go_backwards=[True],
                    use_bias=[False])
        if kind != "SimpleRNN":
            more["recurrent_activation"] = GATES
        if kind == "GRU":
            more["reset_after"] = [False]
        always = [f"{self.between(1, 4)}"]
        if sequences if sequences is not None else self.chance(0.7):
            always.append("return_sequences=True")
        return kind, always, more

    def sequence(self, x):
        kind = self.one(["Conv1D"] * 3 + ["DepthwiseConv1D", "SeparableConv1D", "Conv1DTranspose",
                         "MaxPooling1D", "AveragePooling1D", "UpSampling1D", "ZeroPadding1D",
                         "Cropping1D", "norm", "recurrent", "recurrent", "recurrent",
                         "Bidirectional", "Bidirectional", "TimeDistributed", "heads", "heads",
                         "Attention", "AdditiveAttention", "states", "GlobalAveragePooling1D",
                         "Permute", "Dense", "SpatialDropout1D"])
        time, features = self.shape(x)
        more = dict(strides=[2, 1], dilation_rate=[2], use_bias=[False])
        size = self.one(["1", "2", "3"])
        if kind == "Conv1D":
            groups = self.one([g for g in (1, 2, 3) if features % g == 0])
            extra = [f"groups={groups}"] if groups > 1 else []
            given = self.arguments(f"{groups * self.between(1, 3)}", size, self.activation(),
                                   *extra, padding=["same", "valid", "causal"], **more)
        elif kind == "DepthwiseConv1D":
            given = self.arguments(size, depth_multiplier=[2], padding=["same"], **more)
        elif kind == "SeparableConv1D":
            given = self.arguments(f"{self.between(1, 4)}", size, self.activation(),
                                   depth_multiplier=[2], padding=["same", "causal"], **more)
        elif kind == "Conv1DTranspose":
            given = self.arguments(f"{self.between(1, 3)}", size, self.activation(),
                                   padding=["same"], strides=[2])
        elif kind in ("MaxPooling1D", "AveragePooling1D"):
            given = self.arguments(self.one(["2", "3"]), strides=[1, 2], padding=["same"])
        elif kind == "UpSampling1D":
            given = "2"
        elif kind in ("ZeroPadding1D", "Cropping1D"):
            given = self.one(["1", "(1, 0)"])
        elif kind == "norm":
            return self.norm(x)
        elif kind == "recurrent":
            kind, always, more = self.recurrent()
            given = self.arguments(*always, **more)
        elif kind == "states":
            return self.states(x)
        elif kind == "Bidirectional":
            inner, always, more = self.recurrent()
            del more["go_backwards"]
            mode = self.arguments(merge_mode=["sum", "mul", "ave", "concat"])
            given = f"layers.{inner}({self.arguments(*always, **more)})" + (mode and ", " + mode)
        elif kind == "TimeDistributed":
            given = f"layers.Dense({self.between(1, 4)}, {self.activation()})"
        elif kind == "heads":
            given = self.arguments(f"{self.between(1, 3)}, {self.between(1, 3)}",
                                   value_dim=[1, 2], use_bias=[False])
            causal = ", use_causal_mask=True" if self.chance() else ""
            return self.attempt(f"layers.MultiHeadAttention({given})({x}, {x}{causal})")
        elif kind in ("Attention", "AdditiveAttention"):
            given = "use_scale=True" if self.chance() else ""
            causal = ", use_causal_mask=True" if self.chance(0.3) else ""
            return self.attempt(f"layers.{kind}({given})([{x}, {x}]{causal})")
        elif kind == "Permute":
            given = "(2, 1)"
        elif kind == "Dense":
            given = f"{self.between(1, 4)}, {self.activation()}"
        elif kind == "SpatialDropout1D":
            given = "0.0"
        else:
            given = "keepdims=True" if self.chance() else ""
        return self.attempt(f"layers.{kind}({given})({x})")

    def states(self, x):
        """An encoder whose last state a decoder begins with."""
        units = self.between(1, 3)
        kind = self.one(["LSTM", "GRU"])
        names = ["h", "c"][:2 if kind == "LSTM" else 1]
        made = self.made
        outputs = ", ".join(["y"] + names)
        try:
            code = f"{outputs} = layers.{kind}({units}, return_state=True)({x})"
            self.say(code)
        except Exception:
            return None
        self.count += 1
        state = f"[{', '.join(names)}]" if kind == "LSTM" else "h"
        return self.attempt(
            f"layers.{kind}({units}, return_sequences=True)({x}, initial_state={state})")

    def vector(self, x):
        kind = self.one(["Dense"] * 3 + ["norm", "RepeatVector", "Reshape", "Activation", "PReLU"])
        if kind == "norm":
            return self.norm(x)
        width = self.shape(x)[0]
        if kind == "RepeatVector":
            given = f"{self.between(2, 4)}"
        elif kind == "Reshape":
            parts = [d for d in range(2, width) if width % d == 0]
            if not parts:
                return None
            d = self.one(parts)
            given = f"({d}, {width // d})"
        elif kind == "Activation":
            given = f"'{self.one(SMOOTH)}'"
        elif kind == "PReLU":
            given = ""
        else:
            given = f"{self.between(2, 8)}, {self.activation()}"
        return self.attempt(f"layers.{kind}({given})({x})")

    def layer(self, x):
        rank = len(self.shape(x))
        return {1: self.vector, 2: self.sequence, 3: self.picture}[rank](x)

    def some_layer(self, x):
        for _ in range(20):
            made = self.layer(x)
            if made:
                return made
        return x

    # -- moves

    def branches(self, x):
        """Two ways of the same shape that meet."""
        rank, last = len(self.shape(x)), self.between(1, 4)
        kinds = {1: [f"layers.Dense({last}, {{}})"],
                 2: [f"layers.Conv1D({last}, {{k}}, padding='same', {{}})",
                     f"layers.GRU({last}, return_sequences=True)", f"layers.Dense({last}, {{}})",
                     f"layers.SeparableConv1D({last}, {{k}}, padding='causal', {{}})"],
                 3: [f"layers.Conv2D({last}, {{k}}, padding='same', {{}})",
                     f"layers.SeparableConv2D({last}, {{k}}, padding='same', {{}})",
                     f"layers.Dense({last}, {{}})"]}[rank]
        ways = []
        for _ in range(2 if self.chance(0.75) else 3):
            code = self.one(kinds).replace("{k}", f"{self.between(1, 3)}")
            ways.append(self.attempt(code.replace("{}", self.activation()) + f"({x})"))
        if None in ways:
            return x
        merge = self.one(["Add", "Multiply", "Average", "Concatenate", "Subtract", "Maximum"])
        if merge == "Subtract":
            ways = ways[:2] if len(ways) == 2 else ways[1:]
        return self.attempt(f"layers.{merge}()([{', '.join(ways)}])") or x

    def residual(self, x):
        if len(self.shape(x)) == 3:
            code = f"layers.Conv2D({self.shape(x)[-1]}, 3, padding='same', {self.activation()})"
        elif len(self.shape(x)) == 2:
            code = self.one([f"layers.Dense({self.shape(x)[-1]}, {self.activation()})",
                             f"layers.LSTM({self.shape(x)[-1]}, return_sequences=True)"])
        else:
            code = f"layers.Dense({self.shape(x)[-1]}, {self.activation()})"
        y = self.attempt(f"{code}({x})")
        return (y and self.attempt(f"layers.Add()([{x}, {y}])")) or x

    def pairs(self, x):
        """Rows compared with rows, or one sequence looking at another."""
        if len(self.shape(x)) != 2:
            return x
        y = self.some_layer(x)
        if len(self.shape(y)) != 2:
            return y
        if self.shape(y)[1] == self.shape(x)[1]:
            return self.attempt(f"layers.Dot(axes=2)([{x}, {y}])") or y
        return self.attempt(f"layers.MultiHeadAttention(2, 2)({x}, {y})") or y

    def words(self):
        """An embedding and a layer that goes by its mask."""
        self.say(f"inputs = keras.Input(({self.between(3, 6)},))")
        self.say("words = 7")
        x = self.attempt(f"layers.Embedding(words, {self.between(2, 4)}, mask_zero="
                         f"{self.chance(0.7)})(inputs)")
        if self.chance(0.3):
            x = self.attempt(f"layers.Dense({self.between(2, 4)})({x})")
        if self.chance(0.3):
            x = self.attempt(f"layers.MultiHeadAttention(2, 2)({x}, {x})")
        kind, always, more = self.recurrent(sequences=True)
        return self.attempt(f"layers.{kind}({self.arguments(*always, **more)})({x})")

    def build(self):
        what = self.one(["pictures", "pictures", "sequences", "sequences", "words"])
        if what == "words":
            x = self.words()
        else:
            shape = ((self.between(5, 8), self.between(5, 8), self.between(1, 3))
                     if what == "pictures" else (self.between(4, 9), self.between(1, 4)))
            self.say(f"inputs = keras.Input({shape})")
            x = "inputs"
            if what == "sequences" and self.chance(0.2):
                x = self.attempt("layers.Masking(0.5)(inputs)")
                x = self.attempt(f"layers.GRU(3, return_sequences=True)({x})")
        wanted = self.between(9, 13)
        while self.count < wanted:
            move = self.one([self.some_layer] * 5 + [self.branches, self.residual, self.pairs])
            x = move(x)
        if len(self.shape(x)) > 1:
            x = self.attempt(f"layers.Flatten()({x})")
        classes = self.between(2, 4)
        if self.chance():
            self.say(f"model = keras.Model(inputs, layers.Dense({classes}, "
                     f"activation='softmax')({x}))")
            loss, targets = "sparse_categorical_crossentropy", f"rng.randint(0, {classes}, size=16)"
        else:
            self.say(f"model = keras.Model(inputs, layers.Dense({classes})({x}))")
            loss, targets = "mse", f"rng.normal(size=(16, {classes}))"
        if self.names["model"].count_params() > MOST_WEIGHTS:
            raise ValueError("too many weights")
        return what, loss, targets

    def program(self):
        what, loss, targets = self.build()
        optimizer = self.one(["SGD(0.02, momentum=0.8)", "SGD(0.03)", "Adam(0.003)",
                              "RMSprop(0.002)", "Adam(0.002, clipnorm=0.5)"])
        shape = self.names["inputs"].shape[1:]
        x = (f"rng.randint(0, words, size={(16, *shape)})" if what == "words"
             else f"rng.normal(size={(16, *shape)})")
        start = ["import keras", "import numpy as np", "from keras import layers"]
        run = [
            f"rng = np.random.RandomState({self.between(0, 10 ** 6)})",
            "model.set_weights([",
            "    rng.uniform(-0.6, 0.6, w.shape) if len(w.shape) > 1 else"
            " rng.uniform(0.1, 0.9, w.shape)",
            "    for w in model.get_weights()])",
            f"x, y = {x}, {targets}",
            f"model.compile(optimizer=keras.optimizers.{optimizer}, loss='{loss}')",
            "for step in range(20):",
            "    i = step % 2 * 8",
            "    print('loss', float(model.train_on_batch(x[i:i + 8], y[i:i + 8])))",
            "print('outputs', model.predict(x, verbose=0)[:3].ravel().tolist())",
            "for w in model.get_weights():",
            "    print('weight', float(np.abs(w).sum()), float(w.sum()), float(w.ravel()[0]))",
        ]
        return "\n".join(start + self.lines + run) + "\n"


def printed(text, floatx):
    keras.config.set_floatx(floatx)
    keras.utils.clear_session()
    output = io.StringIO()
    try:
        with contextlib.redirect_stdout(output):
            exec(compile(text, "program.py", "exec"), {"__name__": "__main__"})
    finally:
        keras.config.set_floatx("float32")
    return output.getvalue()


def is_determined(single, double):
    """Whether rounding leaves every number within a half of what is allowed."""
    for a, b in zip(single.splitlines(), double.splitlines()):
        a, b = [[float(n) for n in line.replace("[", " ").replace("]", " ").replace(",", " ")
                 .split()[1:]] for line in (a, b)]
        size = max(abs(n) for n in b)
        if not all(abs(n - m) <= TOLERANCE * size for n, m in zip(a, b)):
            return False
    return True


def shortened(output):
    """Eight digits: twice as many as are compared."""
    lines = []
    for line in output.splitlines():
        name, rest = line.split(" ", 1)
        numbers = rest.replace("[", " ").replace("]", " ").replace(",", " ").split()
        lines.append([name] + [float(f"{float(n):.8g}") for n in numbers])
    return lines


def may_look_nowhere(text):
    return "MultiHeadAttention" in text and ("mask_zero=True" in text or "Masking" in text)


def determined(seed, count):
    """So many models of a seed, each with its place among those that were drawn."""
    tried = 0
    while count > 0:
        tried += 1
        keras.utils.clear_session()
        try:
            text = Net(seed * 100003 + tried).program()
            if may_look_nowhere(text):
                continue
            single, double = printed(text, "float32"), printed(text, "float64")
        except Exception as failure:
            print(seed, tried, type(failure).__name__, str(failure)[:100], file=sys.stderr)
            continue
        if "nan" in single or not is_determined(single, double):
            print(seed, tried, "is not determined", file=sys.stderr)
            continue
        count -= 1
        yield {"seed": seed, "number": tried, "program": text, "printed": shortened(single)}


def main(path, count, *seeds):
    lines = []
    for seed in seeds:
        for net in determined(int(seed), int(count)):
            lines.append(json.dumps(net, separators=(",", ":")))
            with open(path, "w") as file:
                file.write("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
