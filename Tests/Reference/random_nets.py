"""Writes random feed-forward networks as Keras programs, each the same for the same seed.

    python3 random_nets.py SEED COUNT FOLDER

A program (FOLDER/net_0007/program.py) builds a network, sets its weights from seeded NumPy, trains
20 steps, and prints losses, outputs and the size of every weight with all their digits. Its second
line names what it uses: "# uses: Add Dense SGD clipnorm". Needs nothing but Python.
"""

import os
import random
import sys

SMOOTH = ["tanh", "sigmoid", "softplus", "softsign", "elu", "selu", "gelu", "silu", "mish", "linear",
          "log_sigmoid", "celu", "squareplus", "tanh_shrink", "swish"]
# Their slope jumps somewhere: rounding may part two runs there, so that they come less often.
KINKED = ["relu", "leaky_relu", "relu6", "hard_sigmoid", "hard_tanh", "hard_silu", "hard_shrink",
          "soft_shrink", "sparse_plus", "sparse_sigmoid", "exponential"]
ACROSS = ["softmax", "log_softmax", "sparsemax"]
CLASSIC = ["tanh", "sigmoid", "relu", "linear"]
INITIALIZERS = ["'glorot_uniform'", "'he_normal'", "'lecun_uniform'", "'zeros'", "'ones'",
                "'random_normal'", "initializers.GlorotNormal(seed=3)",
                "initializers.RandomUniform(-0.1, 0.1)", "initializers.Constant(0.25)",
                "initializers.TruncatedNormal(stddev=0.2)", "initializers.Orthogonal()",
                "initializers.VarianceScaling(2.0, mode='fan_avg')", "initializers.LecunNormal()",
                "initializers.HeUniform()"]
REGULARIZERS = ["'l2'", "'l1'", "regularizers.L1(0.002)", "regularizers.L2(0.01)",
                "regularizers.L1L2(l1=0.001, l2=0.005)", "regularizers.l2(0.02)"]
CONSTRAINTS = ["constraints.MaxNorm(0.9)", "constraints.NonNeg()", "constraints.UnitNorm(axis=0)",
               "constraints.MinMaxNorm(0.3, 1.1, rate=0.7)", "constraints.MaxNorm(0.8, axis=1)",
               "'max_norm'", "'non_neg'"]


class Net:
    def __init__(self, seed, number):
        self.random = random.Random(seed * 100003 + number)
        # Every sixth is as the first lessons have it: the rest of the breadth is off.
        self.classic = number % 6 == 0
        self.lines = []
        self.uses = set()
        self.names = 0

    # -- drawing

    def one(self, choices):
        return self.random.choice(choices)

    def chance(self, probability=0.5):
        return self.random.random() < probability

    def between(self, low, high):
        return self.random.randint(low, high)

    def number_in(self, low, high):
        return round(self.random.uniform(low, high), 3)

    def fresh(self, stem):
        self.names += 1
        return f"{stem}{self.names}"

    def use(self, name):
        self.uses.add(name)
        return name

    def say(self, line=""):
        self.lines.append(line)

    # -- parts of layers

    def activation(self, wide=True):
        if self.classic:
            return self.use(self.one(CLASSIC))
        kinds = SMOOTH * 3 + KINKED + (ACROSS if wide else [])
        return self.use(self.one(kinds))

    def spelled(self, activation):
        if self.chance(0.15) and activation not in ("linear",):
            return f"keras.activations.{activation}"
        return f"'{activation}'"

    def part(self, family, choices):
        choice = self.one(choices)
        self.use(family)
        return choice

    def dense(self, units, activation=None, plain=False):
        arguments = [str(units) if self.chance(0.7) else f"units={units}"]
        if activation is None and self.chance(0.8):
            activation = self.activation(wide=units > 1)
        if activation:
            arguments.append(f"activation={self.spelled(activation)}")
        if self.chance(0.15):
            arguments.append("use_bias=False")
        plain = plain or self.classic
        if not self.classic and self.chance(0.2):
            arguments.append(f"kernel_initializer={self.part('initializers', INITIALIZERS)}")
        if not self.classic and self.chance(0.1):
            self.use("initializers")
            arguments.append("bias_initializer=initializers.Constant(0.1)")
        if not plain:
            if self.chance(0.15):
                arguments.append(f"kernel_regularizer={self.part('regularizers', REGULARIZERS)}")
            elif self.chance(0.05):
                self.use("OrthogonalRegularizer")
                mode = self.one(["rows", "columns"])
                arguments.append(
                    f"kernel_regularizer=regularizers.OrthogonalRegularizer(0.01, mode='{mode}')")
            if self.chance(0.07) and "use_bias=False" not in arguments:
                arguments.append(f"bias_regularizer={self.part('regularizers', REGULARIZERS)}")
            if self.chance(0.07):
                self.use("activity_regularizer")
                arguments.append(f"activity_regularizer={self.one(REGULARIZERS[2:])}")
            if self.chance(0.12):
                arguments.append(f"kernel_constraint={self.part('constraints', CONSTRAINTS)}")
        self.use("Dense")
        return f"layers.Dense({', '.join(arguments)})"

    def layer(self, shape):
        """A layer for one input of a shape, and what it makes of it."""
        kinds = ["Dense"] * 6 + ["Activation", "BatchNormalization", "LayerNormalization",
                                 "UnitNormalization", "LeakyReLU", "PReLU", "ELU", "Softmax",
                                 "Rescaling", "ActivityRegularization", "Dropout"]
        if len(shape) == 1:
            kinds += ["RepeatVector"] + (["Reshape"] * 2 if shape[0] in (4, 6, 8, 9, 10) else [])
        else:
            kinds += ["Flatten"] * 3 + ["Permute"] * 2 + ["Reshape"]
        if self.classic:
            kinds = ["Dense", "Dense", "Activation", "Dropout"] + ["Flatten"] * (len(shape) - 1)
        kind = self.use(self.one(kinds))
        if kind == "Dense":
            units = self.between(2, 10)
            return self.dense(units), shape[:-1] + (units,)
        if kind == "Activation":
            return f"layers.Activation({self.spelled(self.activation(shape[-1] > 1))})", shape
        if kind == "BatchNormalization":
            options = self.some([f"momentum={self.number_in(0.6, 0.99)}",
                                 f"epsilon={self.number_in(0.001, 0.1)}", "center=False",
                                 "scale=False"], 0.25)
            return f"layers.BatchNormalization({options})", shape
        if kind == "LayerNormalization":
            options = self.some([f"epsilon={self.number_in(0.001, 0.1)}", "center=False",
                                 "scale=False"], 0.25)
            if len(shape) == 2 and self.chance(0.3):
                options = ", ".join(filter(None, ["axis=[1, 2]", options]))
            return f"layers.LayerNormalization({options})", shape
        if kind == "UnitNormalization":
            return "layers.UnitNormalization()", shape
        if kind == "LeakyReLU":
            slope = f"negative_slope={self.number_in(0.05, 0.6)}" if self.chance() else ""
            return f"layers.LeakyReLU({slope})", shape
        if kind == "PReLU":
            shared = "shared_axes=[1]" if len(shape) == 2 and self.chance() else ""
            return f"layers.PReLU({shared})", shape
        if kind == "ELU":
            return f"layers.ELU({self.some([f'alpha={self.number_in(0.3, 1.5)}'], 0.5)})", shape
        if kind == "Softmax":
            axis = "axis=1" if len(shape) == 2 and self.chance(0.3) else ""
            return f"layers.Softmax({axis})", shape
        if kind == "Rescaling":
            offset = f", offset={self.number_in(-0.5, 0.5)}" if self.chance() else ""
            return f"layers.Rescaling({self.number_in(0.3, 1.5)}{offset})", shape
        if kind == "ActivityRegularization":
            return (f"layers.ActivityRegularization(l1={self.number_in(0, 0.01)}, "
                    f"l2={self.number_in(0, 0.01)})"), shape
        if kind == "Dropout":
            return "layers.Dropout(0.0)", shape
        if kind == "RepeatVector":
            n = self.between(2, 3)
            return f"layers.RepeatVector({n})", (n,) + shape
        if kind == "Flatten":
            return "layers.Flatten()", (self.product(shape),)
        if kind == "Permute":
            return "layers.Permute((2, 1))", (shape[1], shape[0])
        return self.reshape(shape)

    def reshape(self, shape):
        size = self.product(shape)
        divisors = [d for d in range(2, size) if size % d == 0]
        if len(shape) == 2 and (self.chance() or not divisors):
            return f"layers.Reshape(({size},))", (size,)
        d = self.one(divisors)
        given = self.one([f"({d}, {size // d})", f"({d}, -1)"])
        return f"layers.Reshape({given})", (d, size // d)

    def some(self, options, probability):
        return ", ".join(o for o in options if self.chance(probability))

    @staticmethod
    def product(shape):
        return shape[0] * (shape[1] if len(shape) > 1 else 1)

    # -- networks

    def sequential(self, inputs):
        """Statements that make `model` from its only input, line by line or as a list."""
        shape = inputs[0]
        parts = []
        for _ in range(self.between(2, 6)):
            code, shape = self.layer(shape)
            parts.append(code)
        if len(shape) == 2:
            self.use("Flatten")
            parts.append("layers.Flatten()")
            shape = (self.product(shape),)
        heads = [self.head(shape)]
        parts.append(heads[0]["layer"])
        if self.chance():
            self.say("model = keras.Sequential()")
            self.say(f"model.add(keras.Input(shape={inputs[0]}))")
            for code in parts:
                self.say(f"model.add({code})")
        else:
            self.say("model = keras.Sequential([")
            self.say(f"    keras.Input({inputs[0]}),")
            for code in parts:
                self.say(f"    {code},")
            self.say("])")
        if not self.classic and self.chance(0.15):
            self.use("frozen")
            frozen = self.between(0, len(parts) - 2)
            self.say(f"model.layers[{frozen}].trainable = False")
        return heads

    def functional(self, inputs):
        self.use("functional")
        names = []
        for shape in inputs:
            names.append(self.fresh("in"))
            self.say(f"{names[-1]} = keras.Input(shape={shape}, name='{names[-1]}')")
        streams = list(zip(names, inputs))
        flat = [self.flattened(*stream) for stream in streams]
        x, shape = flat[0]
        if len(flat) > 1:
            self.use("Concatenate")
            x = self.assign(f"layers.Concatenate()([{', '.join(f[0] for f in flat)}])")
            shape = (sum(f[1][0] for f in flat),)
            self.use("several inputs")
        for _ in range(self.between(1, 4)):
            move = self.one([self.chain, self.branches, self.residual, self.nested, self.shared,
                             self.frozen, self.chain])
            x, shape = move(x, shape)
            x, shape = self.flattened(x, shape)
        count = 2 if self.chance(0.25) else 1
        if count == 2:
            self.use("several outputs")
        heads, outputs = [], []
        for i in range(count):
            heads.append(self.head(shape, plain=count == 2))
            outputs.append(self.assign(heads[-1]["layer"] + f"({x})", "out"))
        given = names[0] if len(names) == 1 else f"[{', '.join(names)}]"
        made = outputs[0] if count == 1 else f"[{', '.join(outputs)}]"
        self.say(f"model = keras.Model({given}, {made})" if self.chance() else
                 f"model = keras.Model(inputs={given}, outputs={made})")
        return heads

    def assign(self, code, stem="x"):
        name = self.fresh(stem)
        self.say(f"{name} = {code}")
        return name

    def flattened(self, x, shape):
        if len(shape) == 1:
            return x, shape
        self.use("Flatten")
        return self.assign(f"layers.Flatten()({x})"), (self.product(shape),)

    def chain(self, x, shape):
        for _ in range(self.between(1, 3)):
            code, shape = self.layer(shape)
            x = self.assign(f"{code}({x})")
        return x, shape

    def branches(self, x, shape):
        units = self.between(2, 6)
        count = 2 if self.chance(0.7) else 3
        merge = self.one(["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum",
                          "Concatenate", "Dot"])
        if merge in ("Subtract", "Dot"):
            count = 2
        self.use(merge)
        parts = [self.assign(f"{self.dense(units)}({x})") for _ in range(count)]
        joined = f"[{', '.join(parts)}]"
        if merge == "Dot":
            normalize = ", normalize=True" if self.chance(0.3) else ""
            return self.assign(f"layers.Dot(axes=1{normalize})({joined})"), (1,)
        if self.chance(0.25) and merge != "Subtract":
            code = f"layers.{merge.lower()}({joined})"
        elif merge == "Add" and count == 2 and self.chance(0.3):
            self.use("x + y")
            code = " + ".join(parts)
        else:
            code = f"layers.{merge}()({joined})"
        size = units * count if merge == "Concatenate" else units
        return self.assign(code), (size,)

    def residual(self, x, shape):
        self.use("Add")
        y = self.assign(f"{self.dense(self.between(3, 8))}({x})")
        y = self.assign(f"{self.dense(shape[0])}({y})")
        return self.assign(f"layers.Add()([{x}, {y}])"), shape

    def block(self, shape):
        """A Sequential or functional model of its own, and its output's shape."""
        self.use("nested")
        name = self.fresh("block")
        units = self.between(2, 7)
        hidden = self.dense(self.between(2, 6))
        named = f", name='{name}'" if self.chance() else ""
        if self.chance():
            self.say(f"{name} = keras.Sequential([keras.Input({shape}), {hidden}, "
                     f"{self.dense(units)}]{named})")
        else:
            inside = self.assign(f"keras.Input({shape})", "inner")
            y = self.assign(f"{hidden}({inside})")
            y = self.assign(f"{self.dense(units)}({y})")
            self.say(f"{name} = keras.Model({inside}, {y}{named})")
        return name, (units,)

    def nested(self, x, shape):
        block, made = self.block(shape)
        return self.assign(f"{block}({x})"), made

    def shared(self, x, shape):
        self.use("shared")
        if self.chance():
            layer, made = self.block(shape)
        else:
            units = self.between(2, 6)
            layer, made = self.assign(self.dense(units), "shared"), (units,)
        other = self.assign(f"{self.dense(shape[0])}({x})")
        a, b = self.assign(f"{layer}({x})"), self.assign(f"{layer}({other})")
        merge = self.use(self.one(["Add", "Average", "Concatenate", "Multiply"]))
        size = made[0] * (2 if merge == "Concatenate" else 1)
        return self.assign(f"layers.{merge}()([{a}, {b}])"), (size,)

    def frozen(self, x, shape):
        self.use("frozen")
        units = self.between(2, 6)
        code = self.dense(units, plain=True)
        if self.chance():
            layer = self.assign(code[:-1] + ", trainable=False)", "frozen")
        else:
            layer = self.assign(code, "frozen")
            self.say(f"{layer}.trainable = False")
        return self.assign(f"{layer}({x})"), (units,)

    # -- losses

    def head(self, shape, plain=False):
        """The last layer, its loss, and an expression for its targets."""
        n, k = "n", self.between(2, 4)
        heads = {
            "MeanSquaredError": ("linear", k, "", f"rng.normal(size=({n}, {k}))"),
            "MeanAbsoluteError": ("linear", k, "", f"rng.normal(size=({n}, {k}))"),
            "MeanAbsolutePercentageError":
                ("linear", 1, "", f"rng.uniform(1, 2, size=({n}, 1))"),
            "MeanSquaredLogarithmicError":
                ("softplus", 1, "", f"rng.uniform(0.5, 3, size=({n}, 1))"),
            "Huber": ("linear", k, f"delta={self.number_in(0.4, 1.5)}",
                      f"rng.normal(size=({n}, {k}))"),
            "LogCosh": ("linear", k, "", f"rng.normal(size=({n}, {k}))"),
            "CosineSimilarity": ("linear", k + 1, "", f"rng.normal(size=({n}, {k + 1}))"),
            "Poisson": ("softplus", 1, "", f"rng.randint(0, 4, size=({n}, 1))"),
            "KLDivergence": ("softmax", k, "", f"rng.dirichlet(np.ones({k}), size={n})"),
            "BinaryCrossentropy": ("sigmoid", 1, "", f"rng.randint(0, 2, size=({n}, 1))"),
            "BinaryFocalCrossentropy":
                ("sigmoid", 1, f"gamma={self.number_in(1, 3)}"
                 + (", apply_class_balancing=True" if self.chance() else ""),
                 f"rng.randint(0, 2, size=({n}, 1))"),
            "CategoricalCrossentropy":
                ("softmax", k, "", f"np.eye({k})[rng.randint(0, {k}, size={n})]"),
            "CategoricalFocalCrossentropy":
                ("softmax", k, f"gamma={self.number_in(1, 3)}",
                 f"np.eye({k})[rng.randint(0, {k}, size={n})]"),
            "SparseCategoricalCrossentropy":
                ("softmax", k, "", f"rng.randint(0, {k}, size={n})"),
            "Hinge": ("tanh", 1, "", f"2 * rng.randint(0, 2, size=({n}, 1)) - 1"),
            "SquaredHinge": ("linear", 1, "", f"2 * rng.randint(0, 2, size=({n}, 1)) - 1"),
            "CategoricalHinge":
                ("linear", k, "", f"np.eye({k})[rng.randint(0, {k}, size={n})]"),
            "Dice": ("sigmoid", k, "", f"rng.randint(0, 2, size=({n}, {k}))"),
            "Tversky": ("sigmoid", k, "alpha=0.3, beta=0.7", f"rng.randint(0, 2, size=({n}, {k}))"),
        }
        weights = {"MeanSquaredError": 4, "BinaryCrossentropy": 4, "CategoricalCrossentropy": 4,
                   "SparseCategoricalCrossentropy": 4}
        if self.classic:
            heads = {name: heads[name] for name in weights}
        kind = self.use(self.one([name for name in heads for _ in range(weights.get(name, 1))]))
        activation, units, options, targets = heads[kind]
        options = [options] if options else []
        if kind in ("BinaryCrossentropy", "CategoricalCrossentropy", "BinaryFocalCrossentropy",
                    "CategoricalFocalCrossentropy", "SparseCategoricalCrossentropy"):
            if not self.classic and self.chance(0.35):
                self.use("from_logits")
                options.append("from_logits=True")
                activation = "linear"
            smooths = kind != "SparseCategoricalCrossentropy" and not self.classic
            if smooths and self.chance(0.3):
                self.use("label_smoothing")
                options.append(f"label_smoothing={self.number_in(0.05, 0.3)}")
        if kind not in ("Dice", "Tversky") and not self.classic and self.chance(0.15):
            reduction = self.one(["sum", "mean_with_sample_weight", "mean"])
            self.use("reduction")
            options.append(f"reduction='{reduction}'")
        plain_name = {"MeanSquaredError": "mse", "MeanAbsoluteError": "mae",
                      "BinaryCrossentropy": "binary_crossentropy",
                      "CategoricalCrossentropy": "categorical_crossentropy",
                      "SparseCategoricalCrossentropy": "sparse_categorical_crossentropy"}
        if not options and kind in plain_name and self.chance():
            loss = f"'{plain_name[kind]}'"
        else:
            loss = f"losses.{kind}({', '.join(options)})"
        return {"layer": self.dense(units, activation, plain=True), "loss": loss,
                "targets": targets, "kind": kind, "classes": units}

    # -- optimizers

    def rate(self, low, high):
        rate = self.number_in(low, high)
        if self.classic or self.chance(0.75):
            return str(rate)
        self.use("schedules")
        return self.one([
            f"schedules.ExponentialDecay({rate}, decay_steps=6, decay_rate=0.7)",
            f"schedules.ExponentialDecay({rate}, 5, 0.5, staircase=True)",
            f"schedules.PiecewiseConstantDecay([4, 11], [{rate}, {rate / 2}, {rate / 5}])",
            f"schedules.PolynomialDecay({rate}, 15, end_learning_rate={rate / 10}, power=2.0)",
            f"schedules.PolynomialDecay({rate}, 7, {rate / 10}, cycle=True)",
            f"schedules.InverseTimeDecay({rate}, decay_steps=3, decay_rate=0.5)",
            f"schedules.CosineDecay({rate}, decay_steps=15, alpha=0.1)",
            f"schedules.CosineDecay(0.001, 12, warmup_target={rate}, warmup_steps=5)",
            f"schedules.CosineDecayRestarts({rate}, first_decay_steps=5)",
        ])

    def optimizer(self):
        if self.classic:
            kind = self.use(self.one(["SGD", "Adam"]))
            return f"optimizers.{kind}(learning_rate={self.number_in(0.002, 0.02)})"
        kind = self.use(self.one(["SGD"] * 3 + ["Adam"] * 3 + [
            "RMSprop", "Adagrad", "Adadelta", "AdamW", "Nadam", "Adamax", "Lion"]))
        arguments = []
        if kind == "SGD":
            arguments.append(f"learning_rate={self.rate(0.01, 0.08)}")
            if self.chance():
                arguments.append(f"momentum={self.number_in(0.5, 0.9)}")
                if self.chance():
                    arguments.append("nesterov=True")
        elif kind in ("Adam", "AdamW", "Nadam", "Adamax"):
            arguments.append(f"learning_rate={self.rate(0.002, 0.02)}")
            if self.chance(0.3):
                arguments.append(f"beta_1={self.number_in(0.7, 0.95)}")
            if self.chance(0.3):
                arguments.append(f"beta_2={self.number_in(0.9, 0.999)}")
            if self.chance(0.3):
                arguments.append(f"epsilon={self.one(['1e-3', '1e-5', '1e-4'])}")
            if kind in ("Adam", "AdamW") and self.chance(0.25):
                arguments.append("amsgrad=True")
        elif kind == "RMSprop":
            arguments.append(f"learning_rate={self.rate(0.002, 0.01)}")
            arguments += [self.some(["rho=0.8"], 0.3), self.some(["momentum=0.6"], 0.3),
                          self.some(["centered=True"], 0.3)]
        elif kind == "Adagrad":
            arguments.append(f"learning_rate={self.rate(0.01, 0.1)}")
            arguments.append(self.some(["initial_accumulator_value=0.3"], 0.3))
        elif kind == "Adadelta":
            arguments.append(f"learning_rate={self.rate(0.2, 1.0)}")
            arguments.append(self.some(["rho=0.9"], 0.3))
        else:
            arguments.append(f"learning_rate={self.rate(0.001, 0.003)}")
        if kind != "AdamW" and self.chance(0.12):
            self.use("weight_decay")
            arguments.append(f"weight_decay={self.number_in(0.002, 0.05)}")
        if self.chance(0.2):
            clip = self.use(self.one(["clipnorm", "clipvalue", "global_clipnorm"]))
            arguments.append(f"{clip}={self.number_in(0.05, 0.5)}")
        if self.chance(0.1):
            self.use("use_ema")
            arguments.append("use_ema=True")
            arguments.append(self.some(["ema_momentum=0.8"], 0.7))
            arguments.append(self.some(["ema_overwrite_frequency=7"], 0.3))
        arguments = [a for a in arguments if a]
        if len(arguments) == 1 and kind in ("SGD", "Adam") and self.chance(0.2):
            return f"'{kind.lower()}'"
        return f"optimizers.{kind}({', '.join(arguments)})"

    # -- the program

    def program(self):
        shapes = [(self.between(3, 9),) if self.chance(0.75) else
                  (self.between(2, 4), self.between(2, 4))]
        functional = not self.classic and self.chance(0.6)
        if functional and self.chance(0.3):
            shapes.append((self.between(2, 5),))
        heads = self.functional(shapes) if functional else self.sequential(shapes)
        body, self.lines = self.lines, []
        n, size = self.one([(20, 5), (22, 6), (24, 6)])
        steps = -(-n // size)
        self.say("import numpy as np")
        self.say("import keras")
        imports = len(self.lines)
        self.say()
        self.lines += body
        self.say()
        self.say(f"rng = np.random.RandomState({self.between(0, 10**6)})")
        self.say("model.set_weights([")
        self.say("    rng.uniform(-0.6, 0.6, w.shape) if len(w.shape) > 1 else"
                 " rng.uniform(0.1, 0.9, w.shape)")
        self.say("    for w in model.get_weights()])")
        self.say(f"n = {n}")
        xs = [f"x{i + 1}" for i in range(len(shapes))]
        ys = [f"y{i + 1}" for i in range(len(heads))]
        for x, shape in zip(xs, shapes):
            self.say(f"{x} = rng.normal(size={(n,) + shape})"
                     + (".astype('float32')" if self.chance() else ""))
        for y, head in zip(ys, heads):
            self.say(f"{y} = {head['targets']}")
        self.compile(heads)
        weighting = self.weighting(heads)
        if self.chance():
            self.fit(xs, ys, size, weighting)
        else:
            self.loop(xs, ys, size, steps, weighting)
        outputs = "model.predict(" + self.listed(xs) + ", verbose=0)"
        if len(heads) == 1:
            self.say(f"print('outputs', {outputs}.ravel().tolist())")
        else:
            self.say(f"for p in {outputs}:")
            self.say("    print('outputs', p.ravel().tolist())")
        self.say("for w in model.get_weights():")
        self.say("    print('weight', w.shape, float(np.abs(w).sum()))")
        self.lines[imports:imports] = self.imports()
        header = ["# expects: close", "# uses: " + " ".join(
            sorted(name.replace(" ", "_") for name in self.uses))]
        return "\n".join(header + self.lines) + "\n"

    def imports(self):
        """Of the modules that the program names."""
        text = "\n".join(self.lines)
        names = [name for name in ("constraints", "initializers", "layers", "losses", "optimizers",
                                   "regularizers") if name + "." in text]
        lines = ["from keras import " + ", ".join(names)]
        if "schedules." in text:
            lines.append("from keras.optimizers import schedules")
        return lines

    def compile(self, heads):
        arguments = [f"optimizer={self.optimizer()}"]
        if len(heads) == 1:
            arguments.append(f"loss={heads[0]['loss']}")
        else:
            arguments.append(f"loss=[{', '.join(head['loss'] for head in heads)}]")
            if self.chance():
                self.use("loss_weights")
                arguments.append(f"loss_weights=[{self.number_in(0.2, 1)}, 0.5]")
        self.say(f"model.compile({', '.join(arguments)})")

    def weighting(self, heads):
        if len(heads) > 1 or self.classic:
            return None
        if self.chance(0.2):
            self.use("sample_weight")
            self.say("importance = rng.uniform(0.2, 2.0, size=n)")
            return "sample_weight"
        classes = {"BinaryCrossentropy": 2, "SparseCategoricalCrossentropy": heads[0]["classes"],
                   "CategoricalCrossentropy": heads[0]["classes"]}.get(heads[0]["kind"])
        if classes and self.chance(0.25):
            self.use("class_weight")
            given = ", ".join(f"{i}: {self.number_in(0.5, 3)}" for i in range(classes))
            self.say(f"importance = {{{given}}}")
            return "class_weight"
        return None

    @staticmethod
    def listed(names, suffix=""):
        names = [name + suffix for name in names]
        return names[0] if len(names) == 1 else f"[{', '.join(names)}]"

    def fit(self, xs, ys, size, weighting):
        options = [f"batch_size={size}", "epochs=5", "shuffle=False", "verbose=0"]
        if weighting:
            options.append(f"{weighting}=importance")
        # Keras does not split lists of weights; nor does a split leave the number of steps.
        if not weighting and len(xs) == len(ys) == 1 and self.chance(0.15):
            self.use("validation_split")
            options.append("validation_split=0.2")
        elif not weighting and self.chance(0.15):
            self.use("validation_data")
            options.append(f"validation_data=({self.listed(xs)}, {self.listed(ys)})")
        self.say(f"history = model.fit({self.listed(xs)}, {self.listed(ys)}, "
                 f"{', '.join(options)}).history")
        self.say("for name in sorted(history):")
        self.say("    print(name, history[name])")

    def loop(self, xs, ys, size, steps, weighting):
        self.use("train_on_batch")
        rows = "[i:i + %d]" % size
        given = f"{self.listed(xs, rows)}, {self.listed(ys, rows)}"
        if weighting == "sample_weight":
            given += f", sample_weight=importance{rows}"
        elif weighting:
            given += ", class_weight=importance"
        self.say("for step in range(20):")
        self.say(f"    i = step % {steps} * {size}")
        self.say(f"    loss = model.train_on_batch({given})")
        if len(ys) == 1:
            self.say("    print('loss', float(loss))")
        else:
            self.say("    print('loss', [float(v) for v in loss])")


def main(seed, count, folder):
    for number in range(int(count)):
        place = os.path.join(folder, f"net_{number:04d}")
        os.makedirs(place, exist_ok=True)
        with open(os.path.join(place, "program.py"), "w") as file:
            file.write(Net(int(seed), number).program())


if __name__ == "__main__":
    main(*sys.argv[1:])
