# Stateful layers in loops, validation, predictions and callbacks; keras_stateful.txt is what it
# prints with Keras (torch, which trains them without cuDNN's kernels alone).
import numpy as np
import keras
from keras import layers

rng = np.random.RandomState(3)
model = keras.Sequential([
    keras.Input(batch_shape=(4, 5, 2)),
    layers.LSTM(3, stateful=True, return_sequences=True, use_cudnn=False),
    layers.Bidirectional(layers.GRU(2, stateful=True, reset_after=False)),
    layers.Dense(1),
])
model.set_weights([rng.uniform(-0.6, 0.6, w.shape) for w in model.get_weights()])
x, y = rng.normal(size=(12, 5, 2)), rng.normal(size=(12, 1))
vx, vy = rng.normal(size=(8, 5, 2)), rng.normal(size=(8, 1))
model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")


def show(title):
    print(title)
    for layer in model.layers:
        if hasattr(layer, "reset_states") and layer.stateful:
            for state in layer.states:
                print(layer.name, state.name, np.array(state.numpy()).ravel().tolist())


print(model.input_shape, model.output_shape, model.count_params(), len(model.weights))
show("begin")
for epoch in range(3):
    h = model.fit(x, y, epochs=1, batch_size=4, shuffle=False, verbose=0)
    print("loss", h.history["loss"])
    show("trained")
    for layer in model.layers:
        if hasattr(layer, "reset_states"):
            layer.reset_states()
show("reset")
h = model.fit(x, y, epochs=2, batch_size=4, shuffle=False, validation_data=(vx, vy), verbose=0)
print("loss", h.history["loss"], "val", h.history["val_loss"])
show("validated")
print("predict", model.predict(x, batch_size=4, verbose=0).ravel().tolist())
show("predicted")
print("again", model.predict(x, batch_size=4, verbose=0).ravel().tolist())
print("evaluate", model.evaluate(vx, vy, batch_size=4, verbose=0))
show("evaluated")
model.layers[0].reset_state()
show("one reset")
print("batch", float(model.train_on_batch(x[:4], y[:4])))
print("test", float(model.test_on_batch(x[:4], y[:4])))
print("call", keras.ops.convert_to_numpy(model(x[:4])).ravel().tolist())
show("end")
for w in model.get_weights():
    print("weight", w.shape, float(np.abs(w).sum()), float(w.sum()))


class Reset(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        for layer in self.model.layers:
            if getattr(layer, "stateful", False):
                layer.reset_state()


h = model.fit(x, y, epochs=3, batch_size=4, shuffle=False, verbose=0, callbacks=[Reset()],
              validation_data=(vx, vy))
print("loss", h.history["loss"], "val", h.history["val_loss"])
show("callback")


# Layers that are called twice, lie in another model, are given states, or meet masks.
x = np.ones((4, 6, 2))
shared = layers.LSTM(2, stateful=True, return_sequences=True, use_cudnn=False)
i = keras.Input(batch_shape=(4, 6, 2))
y = shared(i)
y = shared(y)
m = keras.Model(i, y)
rng = np.random.RandomState(1)
m.set_weights([rng.uniform(-0.5, 0.5, w.shape) for w in m.get_weights()])
print(m.predict(x, verbose=0)[0].ravel().tolist())
print(m.predict(x, verbose=0)[0].ravel().tolist())
print(shared.states[0].numpy()[0].tolist())
enc = keras.Sequential([
    keras.Input(batch_shape=(4, 6, 2)),
    layers.GRU(3, stateful=True, use_cudnn=False),
], name="enc")
j = keras.Input(batch_shape=(4, 6, 2))
o = layers.Dense(1)(enc(j))
full = keras.Model(j, o)
full.set_weights([rng.uniform(-0.5, 0.5, w.shape) for w in full.get_weights()])
print(full.predict(x, verbose=0)[0].tolist(), enc.layers[0].states[0].numpy()[0].tolist())
print(enc.predict(x, verbose=0)[0].tolist())
print(full.predict(x, verbose=0)[0].tolist())
enc.layers[0].reset_state()
print(full.predict(x, verbose=0)[0].tolist())
e = layers.LSTM(2, stateful=True, return_state=True, go_backwards=True)
k = keras.Input(batch_shape=(4, 6, 2))
h0 = keras.Input(batch_shape=(4, 2))
c0 = keras.Input(batch_shape=(4, 2))
w = keras.Model([k, h0, c0], e(k, initial_state=[h0, c0]))
w.set_weights([rng.uniform(-0.5, 0.5, v.shape) for v in w.get_weights()])
a = w.predict([x, np.ones((4, 2)), np.zeros((4, 2))], verbose=0)
print([v[0].tolist() for v in a], e.states[1].numpy()[0].tolist())
mk = keras.Sequential([
    keras.Input(batch_shape=(4, 6)),
    layers.Embedding(5, 2, mask_zero=True),
    layers.GRU(2, stateful=True, return_sequences=True, use_cudnn=False),
    layers.SimpleRNN(2, stateful=True),
])
mk.set_weights([rng.uniform(-0.5, 0.5, v.shape) for v in mk.get_weights()])
t = np.array([[0, 1, 2, 0, 3, 4], [1, 2, 3, 0, 0, 0], [0, 0, 0, 0, 0, 0], [4, 4, 4, 4, 4, 4]])
print(mk.predict(t, verbose=0).ravel().tolist())
print(mk.predict(t, verbose=0).ravel().tolist())
print(mk.predict_on_batch(t).ravel().tolist())
mk.summary()


def trained(model, x, shape):
    model.compile(keras.optimizers.SGD(0.1), loss="mse")
    for i in range(4):
        print("loss", float(model.train_on_batch(x, np.full(shape, 0.3 * i))))
    for w in model.get_weights():
        print("weight", float(np.abs(w).sum()), float(w.sum()))


trained(full, x, (4, 1))
trained(mk, t, (4, 2))
trained(m, x, (4, 6, 2))
