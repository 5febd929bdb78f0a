# expects: same
import tensorflow as tf
from tensorflow.keras import layers

# Simple feedforward neural network example
model = tf.keras.Sequential([
    layers.Dense(64, activation='relu', input_shape=(100,)),
    layers.Dense(64, activation='relu'),
    layers.Dense(10, activation='softmax')
])
model.compile(optimizer='adam',
              loss='sparse_categorical_crossentropy',
              metrics=['accuracy'])

model.summary()
print("Parameters:", model.count_params())
for layer in model.layers:
    print(layer.name, layer.count_params(), [w.shape for w in layer.get_weights()])
print(len(model.layers), "layers,", len(model.trainable_weights), "trainable weights")
