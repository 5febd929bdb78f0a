# expects: same
# Dense layers whose axes an equation names: forwards, learned, and what is refused.
import numpy as np
import keras
from keras import layers, ops

rng = np.random.default_rng(2)
keras.utils.set_random_seed(1)


def made(shape, equation, **how):
    inputs = keras.Input(shape)
    layer = layers.EinsumDense(equation, **how)
    model = keras.Model(inputs, layer(inputs))
    print(equation, model.output_shape, [tuple(w.shape) for w in layer.weights])
    start = np.random.default_rng(7)
    model.set_weights([start.normal(size=w.shape).astype("float32") for w in layer.weights])
    x = rng.normal(size=(3, *shape)).astype("float32")
    y = model.predict(x, verbose=0)
    print(np.round(y.ravel()[:6], 4), round(float(np.abs(y).sum()), 3))
    model.compile(keras.optimizers.SGD(0.01), "mse")
    history = model.fit(x, np.ones(y.shape), epochs=2, batch_size=2, shuffle=False, verbose=0)
    print([round(value, 4) for value in history.history["loss"]])
    print([round(float(np.abs(w).sum()), 4) for w in model.get_weights()])


made((4,), "ab,bc->ac", output_shape=3, activation="relu", bias_axes="c")
made((5, 4), "abc,cd->abd", output_shape=(5, 3), bias_axes="d")
made((5, 4), "abc,dc->abd", output_shape=(5, 3), bias_axes="bd")
made((5, 4), "...x,xy->...y", output_shape=3, bias_axes="y", activation="tanh")
made((3, 3, 4), "...x,xy->...y", output_shape=3)
made((2, 3, 4), "abcd,cde->abe", output_shape=(2, 2), bias_axes="e")
made((3, 4), "abc,cde->abde", output_shape=(3, 2, 3), bias_axes="de")
made((3, 4), "abc,dcb->ad", output_shape=2)
made((3, 4), "abc,cd->adb", output_shape=(2, 3), bias_axes="d")
made((3, 4, 2), "ab...,bc->ac...", output_shape=5, bias_axes="c")
made((3, 4), "abc,bd->acd", output_shape=(4, 2), bias_axes="c")

model = keras.Sequential(
    [
        keras.Input((6, 4)),
        layers.EinsumDense("...x,xy->...y", output_shape=8, bias_axes="y", name="mixed"),
        layers.GlobalAveragePooling1D(),
        layers.Dense(2),
    ]
)
model.summary()
print([w.path for w in model.layers[0].weights], model.layers[0].equation)
for shape, equation, output in [((4,), "abc,cd->abd", (None, 3)), ((5, 4), "abc,cd->abd", (7, 3)),
                                ((4,), "ab,bc->ad", 3)]:
    try:
        layers.EinsumDense(equation, output_shape=output)(keras.Input(shape))
        print("taken")
    except Exception as error:
        print("refused", equation)

x = rng.normal(size=(2, 3, 4)).astype("float32")
open_rows = layers.EinsumDense("abc,cd->abd", output_shape=(None, 5), kernel_initializer="ones")
print(np.round(ops.convert_to_numpy(open_rows(x)).sum(axis=(0, 1)), 4))
looked = layers.MultiHeadAttention(2, 3, attention_axes=1)
print(tuple(looked(x, x).shape), len(looked.get_weights()))
