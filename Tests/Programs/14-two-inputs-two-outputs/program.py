# expects: same
"""Ranking tickets: several inputs, several outputs, by the functional API."""
import numpy as np
import keras
from keras import layers

num_tags = 5
num_words = 12
num_departments = 4

title_input = keras.Input(shape=(num_words,), name="title")
body_input = keras.Input(shape=(num_words,), name="body")
tags_input = keras.Input(shape=(num_tags,), name="tags")

title_features = layers.Dense(6, activation="tanh", name="title_features")(title_input)
body_features = layers.Dense(4, activation="tanh", name="body_features")(body_input)

# Merge all available features into a single large vector via concatenation
x = layers.concatenate([title_features, body_features, tags_input])

priority_pred = layers.Dense(1, name="priority")(x)
department_pred = layers.Dense(num_departments, name="department")(x)

model = keras.Model(
    inputs=[title_input, body_input, tags_input],
    outputs={"priority": priority_pred, "department": department_pred},
)

rng = np.random.default_rng(1337)
model.set_weights([rng.normal(0, 0.3, size=w.shape) for w in model.get_weights()])

model.compile(
    optimizer=keras.optimizers.RMSprop(1e-3),
    loss={
        "priority": keras.losses.BinaryCrossentropy(from_logits=True),
        "department": keras.losses.CategoricalCrossentropy(from_logits=True),
    },
    loss_weights={"priority": 1.0, "department": 0.2},
)

title_data = rng.integers(0, 2, size=(64, num_words)).astype("float32")
body_data = rng.integers(0, 2, size=(64, num_words)).astype("float32")
tags_data = rng.integers(2, size=(64, num_tags)).astype("float32")
priority_targets = rng.random(size=(64, 1))
dept_targets = keras.utils.to_categorical(rng.integers(num_departments, size=64), num_departments)

history = model.fit(
    {"title": title_data, "body": body_data, "tags": tags_data},
    {"priority": priority_targets, "department": dept_targets},
    epochs=3,
    batch_size=32,
    shuffle=False,
    verbose=0,
)
for name in sorted(history.history):
    print(name, [f"{v:.5f}" for v in history.history[name]])

predictions = model.predict(
    {"title": title_data[:2], "body": body_data[:2], "tags": tags_data[:2]}, verbose=0)
print(predictions["priority"].round(4).tolist())
print(predictions["department"].shape)
print("parameters:", model.count_params())
