import tensorflow as tf
from tensorflow.keras import layers
from sklearn.datasets import load_digits

# 1797 handwritten digits, 8 by 8 pixels, from 0 to 16 each
X, y = load_digits(return_X_y=True)
X = X / 16.0

model = tf.keras.Sequential([
    layers.Dense(64, activation='relu', input_shape=(64,)),
    layers.Dense(64, activation='relu'),
    layers.Dense(10)
])

model.compile(optimizer='adam',
              loss=tf.keras.losses.SparseCategoricalCrossentropy(
                  from_logits=True),
              metrics=['accuracy'])
model.fit(X[:1400], y[:1400], epochs=20, batch_size=32,
          validation_data=(X[1400:], y[1400:]))
