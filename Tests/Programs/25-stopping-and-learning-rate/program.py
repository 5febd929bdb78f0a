# expects: same
import math
import numpy as np
import tensorflow as tf
from tensorflow.keras.callbacks import EarlyStopping, LearningRateScheduler, ReduceLROnPlateau
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import StandardScaler

X, y = load_diabetes(return_X_y=True)
X = StandardScaler().fit_transform(X)
y = StandardScaler().fit_transform(y.reshape(-1, 1)).ravel()

def compiled(lr=0.01):
    model = tf.keras.models.Sequential()
    model.add(tf.keras.Input(shape=(10,)))
    model.add(tf.keras.layers.Dense(20, activation='tanh'))
    model.add(tf.keras.layers.Dense(1))
    rng = np.random.RandomState(17)
    model.set_weights([rng.normal(0, 0.4, w.shape) for w in model.get_weights()])
    model.compile(loss='mse', optimizer=tf.keras.optimizers.SGD(learning_rate=lr, momentum=0.9))
    return model

# Stop when the validation loss has not improved for a while
early = EarlyStopping(monitor='val_loss', patience=3, restore_best_weights=True, verbose=1)
model = compiled(0.02)
history = model.fit(X, y, validation_split=0.3, epochs=60, batch_size=32, verbose=0, shuffle=False,
                    callbacks=[early])
print(len(history.history['loss']), 'epochs; best', min(history.history['val_loss']))
print('restored', model.evaluate(X[309:], y[309:], verbose=0))

# Step decay
def step_decay(epoch):
    initial_lrate = 0.02
    drop = 0.5
    epochs_drop = 3.0
    return initial_lrate * math.pow(drop, math.floor((1 + epoch) / epochs_drop))

model = compiled()
history = model.fit(X, y, epochs=7, batch_size=64, verbose=0, shuffle=False,
                    callbacks=[LearningRateScheduler(step_decay)])
print([round(float(r), 6) for r in history.history['learning_rate']])
print(['%.5f' % v for v in history.history['loss']])

# The current rate as the second argument
def scheduler(epoch, lr):
    if epoch < 2:
        return lr
    return lr * math.exp(-0.1)

history = compiled().fit(X, y, epochs=4, batch_size=64, verbose=0, shuffle=False,
                         callbacks=[LearningRateScheduler(scheduler, verbose=1)])
print(['%.6f' % r for r in history.history['learning_rate']])

# Less when it no longer gets better
plateau = ReduceLROnPlateau(monitor='loss', factor=0.2, patience=1, min_delta=0.01, min_lr=1e-5, verbose=1)
history = compiled(0.05).fit(X, y, epochs=12, batch_size=32, verbose=0, shuffle=False, callbacks=[plateau])
print(['%.6f' % r for r in history.history['learning_rate']])
