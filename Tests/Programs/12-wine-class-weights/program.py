# expects: same
import numpy as np
import keras
from keras import layers
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=0, stratify=y)
print("train", np.bincount(y_train), "test", np.bincount(y_test))

normalizer = layers.Normalization(axis=-1)
normalizer.adapt(X_train)

inputs = keras.Input(shape=(13,), name="chemistry")
x = normalizer(inputs)
x = layers.Dense(16, activation="tanh", kernel_initializer=keras.initializers.Constant(0.05))(x)
outputs = layers.Dense(3, activation="softmax", name="cultivar")(x)
model = keras.Model(inputs=inputs, outputs=outputs)

rng = np.random.default_rng(5)
model.layers[-1].set_weights([rng.uniform(-0.5, 0.5, size=(16, 3)), np.zeros(3)])
model.layers[-2].set_weights([rng.uniform(-0.5, 0.5, size=(13, 16)), np.zeros(16)])

model.compile(optimizer=keras.optimizers.RMSprop(learning_rate=0.01),
              loss="sparse_categorical_crossentropy", metrics=["sparse_categorical_accuracy"])

counts = np.bincount(y_train)
class_weight = {i: len(y_train) / (3.0 * c) for i, c in enumerate(counts)}
print({k: round(float(v), 4) for k, v in class_weight.items()})

history = model.fit(X_train, y_train, epochs=5, batch_size=16, class_weight=class_weight,
                    shuffle=False, verbose=0)
print([round(v, 5) for v in history.history["loss"]])

# the difficult bottles count double
sample_weight = np.where(y_train == 1, 2.0, 1.0)
history = model.fit(X_train, y_train, epochs=3, batch_size=16, sample_weight=sample_weight,
                    shuffle=False, verbose=0)
print([round(v, 5) for v in history.history["loss"]])
print("weighted:", model.evaluate(X_train, y_train, sample_weight=sample_weight, verbose=0)[0])
loss, acc = model.evaluate(X_test, y_test, verbose=0)
print(f"test loss {loss:.5f}, accuracy {acc:.2%}")
