"""summaries.json: what model.summary() prints."""

from .common import *

HEAD = "inputs = keras.Input((4,))\n"
NESTED = """encoder = keras.Sequential(
    [keras.Input((4,)), layers.Dense(3), layers.BatchNormalization()], name="encoder")
inputs = keras.Input((4,))
model = keras.Model(inputs, layers.Dense(2)(encoder(inputs)))"""

PROGRAMS = {
    "sequential": "model = keras.Sequential([keras.Input((784,)), "
    "layers.Dense(128, activation='relu'), layers.Dropout(0.2), layers.Dense(10)])",
    "sequential without input": "model = keras.Sequential([layers.Dense(3), layers.Dense(2)])",
    "built later": "model = keras.Sequential([layers.Dense(3), layers.Dense(2)])\n"
    "model.build((None, 4))",
    "built for a batch": "model = keras.Sequential([layers.Dense(3), layers.Dense(2)])\n"
    "model.build((8, 4))",
    "empty": "model = keras.Sequential()",
    "named": "model = keras.Sequential([keras.Input((4,)), layers.Dense(3, name='first'), "
    "layers.Dense(2, name='a_layer_with_quite_a_long_name_that_wraps')], name='my_model')",
    "line by line": "model = keras.Sequential()\nmodel.add(keras.Input(shape=(4,)))\n"
    "model.add(layers.Dense(3))\nmodel.add(layers.Activation('relu'))\nmodel.add(layers.Dense(1))",
    "normalizations": "model = keras.Sequential([keras.Input((4,)), layers.BatchNormalization(), "
    "layers.LayerNormalization(), layers.PReLU(), layers.LeakyReLU(), layers.ELU(), "
    "layers.ReLU(), layers.UnitNormalization(), layers.GaussianNoise(0.1), layers.Softmax()])",
    "shapes": "model = keras.Sequential([keras.Input((2, 3, 4)), layers.Permute((3, 1, 2)), "
    "layers.Reshape((4, 6)), layers.Flatten(), layers.RepeatVector(3)])",
    "frozen": "model = keras.Sequential([keras.Input((4,)), layers.Dense(3, trainable=False), "
    "layers.Dense(2)])",
    "trained": "model = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Dense(2)])\n"
    "model.compile('adam', 'mse')\nmodel.fit(np.zeros((4, 4)), np.zeros((4, 2)), verbose=0)",
    "large": "model = keras.Sequential([keras.Input((1000,)), layers.Dense(1200), "
    "layers.Dense(1200)])",
    "chain": HEAD + "model = keras.Model(inputs, layers.Dense(2)(layers.Dense(3)(inputs)))",
    "branches": HEAD + "second = keras.Input((3,), name='second')\n"
    "a = layers.Dense(5, activation='relu')(inputs)\nb = layers.Dense(5)(second)\n"
    "joined = layers.Concatenate()([a, b])\nsummed = layers.Add()([a, b])\n"
    "outputs = [layers.Dense(2, name='out')(joined), layers.Dense(1)(summed)]\n"
    "model = keras.Model([inputs, second], outputs)",
    "residual": HEAD + "x = layers.Dense(4, activation='relu')(inputs)\n"
    "x = layers.Add()([x, inputs])\nmodel = keras.Model(inputs, layers.Dense(1)(x), name='res')",
    "two outputs": HEAD + "x = layers.Dense(4)(inputs)\n"
    "model = keras.Model(inputs, [layers.Dense(1)(x), layers.Dense(2)(x)])",
    "shared": HEAD + "other = keras.Input((4,))\nshared = layers.Dense(3)\n"
    "model = keras.Model([inputs, other], layers.Subtract()([shared(inputs), shared(other)]))",
    "depth order": HEAD + "a = layers.Dense(2, name='a')(inputs)\n"
    "b = layers.Dense(2, name='b')(inputs)\nc = layers.Dense(2, name='c')(b)\n"
    "model = keras.Model(inputs, layers.Add()([c, a]))",
    "nested": NESTED,
    "nested expanded": NESTED,
    "nested with trainable": NESTED + "\nencoder.trainable = False",
    "operators": HEAD + "model = keras.Model(inputs, inputs * 2 + 1)",
    "own layer": "class Scale(layers.Layer):\n    def build(self, shape):\n"
    "        self.scale = self.add_weight(shape=(shape[-1],), name='scale')\n"
    "    def call(self, x):\n        return x * self.scale\n"
    "model = keras.Sequential([keras.Input((4,)), Scale(), Scale()])",
    "own model": "class Net(keras.Model):\n    def __init__(self):\n        super().__init__()\n"
    "        self.first = layers.Dense(3)\n        self.second = layers.Dense(2)\n"
    "    def call(self, x):\n        return self.second(self.first(x))\n"
    "model = Net()\nmodel(np.zeros((2, 4)))",
}
ARGUMENTS = {"nested expanded": "expand_nested=True", "nested with trainable":
             "show_trainable=True, expand_nested=True", "frozen": "show_trainable=True",
             "named": "line_length=60"}


def generate():
    os.environ["COLUMNS"] = "120"
    cases = []
    for name, code in PROGRAMS.items():
        keras.backend.clear_session()
        scope, printed = {"keras": keras, "layers": keras.layers, "np": np}, []
        exec(code, scope)
        words = ARGUMENTS.get(name, "")
        eval(f"model.summary(print_fn=printed.append{words and ', ' + words})",
             {**scope, "printed": printed})
        model = scope["model"]
        cases.append({
            "name": name, "code": code, "summary": f"model.summary({words})",
            "printed": "".join(printed), "layers": [one.name for one in model.layers],
            "weights": [v.path for v in model.weights] if model.built else []})
    write("summaries", {"cases": cases})
