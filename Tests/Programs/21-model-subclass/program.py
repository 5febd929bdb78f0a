# expects: same
import numpy as np
import tensorflow as tf

from tensorflow.keras.layers import Dense, Dropout
from tensorflow.keras import Model

np.random.seed(0)
angle = np.random.uniform(0, 2 * np.pi, 200)
radius = np.where(np.arange(200) % 2 == 0, 1.0, 2.5) + 0.2 * np.random.randn(200)
x = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]).astype("float32")
y = (np.arange(200) % 2).astype("float32")


class MyModel(Model):
    def __init__(self, hidden):
        super().__init__()
        self.d1 = Dense(hidden, activation='tanh')
        self.drop = Dropout(0.3)
        self.d2 = Dense(hidden, activation='tanh')
        self.out = Dense(1, activation='sigmoid')

    def call(self, x, training=False):
        x = self.d1(x)
        if training:
            x = self.drop(x, training=training)
        x = self.d2(x)
        return self.out(x)


# Create an instance of the model
model = MyModel(10)
model(x[:1])  # makes the weights

rng = np.random.RandomState(4)
model.set_weights([rng.normal(size=w.shape) for w in model.get_weights()])
print([w.shape for w in model.get_weights()])

model.compile(optimizer=tf.keras.optimizers.Adam(), loss='binary_crossentropy', metrics=['accuracy'])
print("untrained:", model.evaluate(x, y, verbose=0))
print(model.predict(x[:5], verbose=0).ravel().round(5))
print(model(x[5:8]).shape == (3, 1), len(model.layers))


class Plain(Model):
    """Without Dropout, so that training is the same for everyone."""

    def __init__(self):
        super().__init__(name="plain")
        self.hidden = [Dense(8, activation="tanh") for _ in range(2)]
        self.head = Dense(1, activation="sigmoid")

    def call(self, inputs):
        h = inputs
        for layer in self.hidden:
            h = layer(h)
        return self.head(h)


plain = Plain()
plain(x[:1])
plain.set_weights([rng.normal(size=w.shape) for w in plain.get_weights()])
plain.compile(optimizer=tf.keras.optimizers.Adam(0.01), loss='binary_crossentropy', metrics=['accuracy'])
history = plain.fit(x, y, epochs=10, batch_size=20, verbose=0, shuffle=False)
for e, (l, a) in enumerate(zip(history.history['loss'], history.history['accuracy'])):
    if e % 3 == 0:
        print(f'Epoch {e + 1}, Loss: {l:.5f}, Accuracy: {a * 100:.2f}')
