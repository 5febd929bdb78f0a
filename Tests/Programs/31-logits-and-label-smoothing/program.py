# expects: same
import tensorflow as tf
import numpy as np

tf.random.set_seed(1)
rng = np.random.default_rng(10)
x_train = rng.integers(0, 256, size=(120, 6, 6)).astype("uint8")
y_train = (x_train.reshape(120, -1)[:, :3].argmax(axis=1)).astype("int64")
x_train = x_train / 255.0

model = tf.keras.models.Sequential([
  tf.keras.layers.Flatten(input_shape=(6, 6)),
  tf.keras.layers.Dense(16, activation='tanh'),
  tf.keras.layers.Dropout(0.0),
  tf.keras.layers.Dense(3)
])
model.set_weights([rng.normal(scale=0.3, size=w.shape) for w in model.get_weights()])

predictions = model.predict(x_train[:1], verbose=0)
print(predictions)
print(tf.nn.softmax(predictions).numpy())

loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
print("initial loss: %.5f" % float(loss_fn(y_train[:1], predictions)))

model.compile(optimizer='adam', loss=loss_fn, metrics=['accuracy'])
model.fit(x_train, y_train, epochs=5, shuffle=False)
model.evaluate(x_train, y_train, verbose=2)

probability_model = tf.keras.Sequential([
  model,
  tf.keras.layers.Softmax()
])
print(probability_model.predict(x_train[:5], verbose=0).round(5))

one_hot = tf.keras.utils.to_categorical(y_train, 3)
smooth = tf.keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)
model.compile(optimizer='sgd', loss=smooth, metrics=['categorical_accuracy'])
print(model.evaluate(x_train, one_hot, verbose=0))
model.fit(x_train, one_hot, epochs=2, shuffle=False, verbose=2)
