# expects: same
# What attention takes away of masks, and what a layer still goes by.
import numpy as np
import keras
from keras import layers

tokens = np.array([[1, 2, 0, 0], [2, 1, 2, 0]])


def report(name, model, *inputs):
    """Prints what a model makes with weights that do not depend on chance."""
    for weight in model.weights:
        count = int(np.prod(weight.shape))
        numbers = np.sin(np.arange(1, count + 1)).reshape(weight.shape)
        weight.assign(numbers.astype("float32"))
    made = model.predict(list(inputs) if len(inputs) > 1 else inputs[0], verbose=0)
    print(name, np.round(np.array(made), 4).tolist())


def embedded():
    ids = keras.Input((4,))
    return ids, layers.Embedding(3, 4, mask_zero=True)(ids)


# A mean over steps that was called on one array keeps the mask that the array was written with.
ids, e = embedded()
a = layers.MultiHeadAttention(2, 3)(e, e)
report("mean beside", keras.Model(ids, layers.GlobalAveragePooling1D()(e)), tokens)
ids, e = embedded()
a = layers.MultiHeadAttention(2, 3)(e, e)
report("mean of the sum", keras.Model(ids, layers.GlobalAveragePooling1D()(layers.Add()([e, a]))), tokens)

# A block as tutorials write it, and a recurrent layer over it.
ids, e = embedded()
x = layers.LayerNormalization()(layers.Add()([e, layers.MultiHeadAttention(2, 3)(e, e)]))
x = layers.LayerNormalization()(layers.Add()([x, layers.Dense(4)(layers.Dense(8, activation="relu")(x))]))
report("block, then mean", keras.Model(ids, layers.GlobalAveragePooling1D()(x)), tokens)
report("block, then GRU", keras.Model(ids, layers.GRU(3)(x)), tokens)

# A second attention over the same array sees no mask of it.
ids, e = embedded()
first = layers.MultiHeadAttention(2, 3)(e, e)
second = layers.MultiHeadAttention(2, 3)(e, e)
report("twice", keras.Model(ids, layers.Flatten()(layers.Concatenate()([first, second]))), tokens)

# A recurrent layer that is given a state goes by no mask.
states = np.array([[1.0, 0.5, -1.0], [0.2, 0.1, 0.3]])
for layer in [layers.GRU, layers.SimpleRNN]:
    ids, e = embedded()
    state = keras.Input((3,))
    report(layer.__name__, keras.Model([ids, state], layer(3)(e, initial_state=state)), tokens, states)
    ids, e = embedded()
    report(layer.__name__ + " alone", keras.Model(ids, layer(3)(e)), tokens)


# Code that runs as it is read goes by the masks that are there at that moment.
class Block(layers.Layer):
    def __init__(self):
        super().__init__()
        self.attention = layers.MultiHeadAttention(2, 3)
        self.mean = layers.GlobalAveragePooling1D()
        self.supports_masking = True

    def call(self, x):
        y = self.attention(x, x)
        return self.mean(x) + self.mean(y)


ids, e = embedded()
report("in a class", keras.Model(ids, Block()(e)), tokens)
