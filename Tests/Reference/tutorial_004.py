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
