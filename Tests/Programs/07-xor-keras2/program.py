# expects: same
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Activation
from keras.optimizers import SGD

X = np.array([[0,0],[0,1],[1,0],[1,1]], dtype=np.float32)
y = np.array([[0],[1],[1],[0]], dtype=np.float32)

model = Sequential()
model.add(Dense(8, input_dim=2))
model.add(Activation('tanh'))
model.add(Dense(1))
model.add(Activation('sigmoid'))

# the same start for everyone
rs = np.random.RandomState(3)
model.set_weights([rs.uniform(-1, 1, size=w.shape) for w in model.get_weights()])

sgd = SGD(learning_rate=0.1)
model.compile(loss='binary_crossentropy', optimizer=sgd, metrics=['acc'])

hist = model.fit(X, y, batch_size=1, epochs=300, verbose=0, shuffle=False)
print(sorted(hist.history.keys()))
for e in range(0, 300, 50):
    print("epoch %3d: loss=%.5f acc=%.2f" % (e + 1, hist.history['loss'][e], hist.history['acc'][e]))
print(model.predict(X, verbose=0))
print((model.predict(X, verbose=0) > 0.5).astype("int32").ravel())
