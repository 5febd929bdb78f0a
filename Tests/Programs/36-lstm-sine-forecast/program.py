# expects: same
import numpy as np
from keras.models import Sequential
from keras.layers import LSTM, Dense

# frame a sequence as a supervised learning problem
def split_sequence(sequence, n_steps):
    X, y = list(), list()
    for i in range(len(sequence)):
        end_ix = i + n_steps
        if end_ix > len(sequence) - 1:
            break
        seq_x, seq_y = sequence[i:end_ix], sequence[end_ix]
        X.append(seq_x)
        y.append(seq_y)
    return np.array(X), np.array(y)

raw_seq = np.sin(np.arange(0, 12, 0.2))
n_steps, n_features = 6, 1
X, y = split_sequence(raw_seq, n_steps)
X = X.reshape((X.shape[0], X.shape[1], n_features))
print(X.shape, y.shape)

model = Sequential()
model.add(LSTM(10, input_shape=(n_steps, n_features)))
model.add(Dense(1))
rng = np.random.RandomState(3)
model.set_weights([rng.uniform(-0.4, 0.4, w.shape) for w in model.get_weights()])
model.compile(optimizer='adam', loss='mse')
history = model.fit(X, y, epochs=10, batch_size=9, verbose=0, shuffle=False)
print(['%.6f' % l for l in history.history['loss']])

x_input = raw_seq[-n_steps:].reshape((1, n_steps, n_features))
yhat = model.predict(x_input, verbose=0)
print("next value: %.5f, truly %.5f" % (yhat[0, 0], np.sin(12.0)))
