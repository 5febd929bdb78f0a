# expects: same
# Models called with a dict of inputs, what weights are called, and counting anew.
import numpy as np
import keras
from keras import layers, ops


def numbers(array):
    return np.round(ops.convert_to_numpy(array).ravel(), 4)


left = keras.Input((2,), name="zeta")
right = keras.Input((3,), name="alpha")
hidden = layers.Concatenate()([layers.Dense(2, kernel_initializer="ones")(left), right])
outputs = layers.Dense(1, kernel_initializer="ones")(hidden)
x1, x2 = np.ones((2, 2), "float32"), np.full((2, 3), 2.0, "float32")

listed = keras.Model([left, right], outputs)
print(numbers(listed({"zeta": x1, "alpha": x2})), numbers(listed({"alpha": x2, "zeta": x1})))
print(numbers(listed([x1, x2])), numbers(listed.predict({"alpha": x2, "zeta": x1}, verbose=0)))
keyed = keras.Model({"first": left, "second": right}, outputs)
print(numbers(keyed({"second": x2, "first": x1})), numbers(keyed([x1, x2])))
print(numbers(keyed.predict({"second": x2, "first": x1}, verbose=0)))
keyed.compile("sgd", "mse")
print(np.round(keyed.evaluate({"first": x1, "second": x2}, np.ones((2, 1)), verbose=0), 4))
single = keras.Model(left, layers.Dense(1, kernel_initializer="ones")(left))
print(numbers(single({"zeta": x1})))

again = keras.Input((2,))
more = keras.Input((3,))
outer = keras.Model([again, more], listed({"zeta": again, "alpha": more}))
print(numbers(outer([x1, x2])))


def paths(of):
    print([weight.path for weight in of.weights])


paths(listed)
paths(outer)
chain = keras.Sequential([keras.Input((4, 3)), layers.LSTM(2), layers.BatchNormalization()])
paths(chain)
paths(chain.layers[0])
inner = keras.Sequential([layers.Dense(2), layers.Dense(2)])
paths(keras.Sequential([keras.Input((2,)), inner, layers.Dense(1)]))
named = keras.Sequential([keras.Input((2,)), layers.Dense(1, name="last")], name="tower")
paths(keras.Model(again, layers.Dense(1)(named(again))))
paths(layers.Dense(1))
alone = layers.Dense(1)
alone(x1)
paths(alone)


class Pair(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.one = layers.Dense(2)
        self.two = layers.Dense(2)

    def build(self, shape):
        self.scale = self.add_weight(shape=(2,), initializer="ones", name="scale")

    def call(self, inputs):
        return self.scale * self.two(self.one(inputs))


pair = Pair()
pair(x1)
paths(pair)
paths(keras.Sequential([keras.Input((2,)), Pair(name="own")], name="whole"))
print(layers.Dense(1).name, chain.name, outer.name)
keras.backend.clear_session()
print(layers.Dense(1).name, layers.Dense(1).name, keras.Sequential().name)
keras.utils.clear_session()
fresh = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
paths(fresh)
