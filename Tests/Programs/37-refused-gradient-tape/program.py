# expects: refused 20 GradientTape
import tensorflow as tf
import numpy as np

X = np.linspace(0, 1, 20).reshape(-1, 1).astype("float32")
y = 2 * X + 1

model = tf.keras.Sequential([tf.keras.Input((1,)), tf.keras.layers.Dense(1)])
optimizer = tf.keras.optimizers.SGD(learning_rate=0.1)


def loss_function(y_true, y_pred):
    return tf.reduce_mean(tf.square(y_true - y_pred))


print("Training by hand")
losses = []
for epoch in range(5):
    # The tape records what happens to the weights
    with tf.GradientTape() as tape:
        loss = loss_function(y, model(X))
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    losses.append(float(loss))
print(losses)
