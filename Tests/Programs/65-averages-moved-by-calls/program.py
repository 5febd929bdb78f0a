# expects: same
# What a call with training=True moves, and what a callback sees of the weights that are learned.
import numpy as np
import keras
from keras import layers, ops

x = np.arange(12, dtype="float32").reshape(4, 3)
y = np.ones((4, 1), "float32")


def numbers(array):
    return np.round(ops.convert_to_numpy(array).ravel(), 4)


norm = layers.BatchNormalization(momentum=0.5)
model = keras.Sequential([keras.Input((3,)), norm, layers.Dense(1, kernel_initializer="ones")])
print(numbers(model(x, training=True)))
print(numbers(norm.moving_mean), numbers(norm.moving_variance))
print(numbers(norm(x, training=True)))
print(numbers(norm.moving_mean), numbers(norm.moving_variance))
for call in [lambda: model(x), lambda: model(x, training=False), lambda: model.predict(x, verbose=0)]:
    print(numbers(call()))
    print(numbers(norm.moving_mean), numbers(norm.moving_variance))
norm.trainable = False
model(x, training=True)
print(numbers(norm.moving_mean))
norm.trainable = True


class Block(layers.Layer):
    def __init__(self):
        super().__init__()
        self.norm = layers.BatchNormalization(momentum=0.9)

    def call(self, inputs, training=None):
        return self.norm(inputs, training=training)


block = Block()
block(x)
print([numbers(w) for w in block.norm.non_trainable_weights])
block(x, training=True)
print([numbers(w) for w in block.norm.non_trainable_weights])

inputs = keras.Input((3,))
outputs = layers.Dense(1, kernel_initializer="ones")(block(inputs))
both = keras.Model(inputs, outputs)
both(x, training=True)
print([numbers(w) for w in block.norm.non_trainable_weights])


class Look(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        print(numbers(self.model(x)), numbers(self.model.predict(x, verbose=0)))
        print(numbers(self.model.layers[1](x)), numbers(norm.moving_mean))
        if epoch == 1:
            self.model(x + 10, training=True)


model.compile(keras.optimizers.SGD(0.01), "mse")
model.fit(x, y, epochs=3, batch_size=2, shuffle=False, verbose=0, callbacks=[Look()])
print(numbers(norm.moving_mean), numbers(norm.moving_variance), numbers(norm.gamma))
