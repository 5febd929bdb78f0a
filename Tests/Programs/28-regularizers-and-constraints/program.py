# expects: same
from keras import Sequential, Input
from keras.layers import Dense, ActivityRegularization
from keras import regularizers, constraints
import numpy as np

np.random.seed(1)
X = np.random.randn(60, 8)
y = (X[:, 0] + X[:, 1] * X[:, 2] > 0).astype(int)

def net(**kwargs):
    model = Sequential([
        Input(shape=(8,)),
        Dense(16, activation='tanh', **kwargs),
        Dense(1, activation='sigmoid'),
    ])
    rng = np.random.RandomState(100)
    model.set_weights([rng.uniform(-0.7, 0.7, w.shape) for w in model.get_weights()])
    model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
    return model

experiments = [
    ('none', {}),
    ('l2', dict(kernel_regularizer='l2')),
    ('l2 0.1', dict(kernel_regularizer=regularizers.l2(0.1))),
    ('l1', dict(kernel_regularizer=regularizers.L1(0.005), bias_regularizer=regularizers.L2(0.01))),
    ('l1_l2', dict(kernel_regularizer=regularizers.l1_l2(l1=0.001, l2=0.01))),
    ('activity', dict(activity_regularizer=regularizers.L2(1e-3))),
    ('orthogonal', dict(kernel_regularizer=regularizers.OrthogonalRegularizer(factor=0.01))),
    ('max_norm', dict(kernel_constraint=constraints.MaxNorm(1.0))),
    ('max_norm rows', dict(kernel_constraint=constraints.max_norm(max_value=1.5, axis=1))),
    ('non_neg', dict(kernel_constraint=constraints.non_neg(), bias_constraint='non_neg')),
    ('unit_norm', dict(kernel_constraint=constraints.UnitNorm())),
    ('min_max_norm', dict(kernel_constraint=constraints.MinMaxNorm(0.5, 1.0, rate=0.8))),
]
print(f"{'':15} {'first':>9} {'last':>9} {'size':>8}")
for name, options in experiments:
    model = net(**options)
    losses = model.fit(X, y, epochs=8, batch_size=15, shuffle=False, verbose=0).history['loss']
    size = np.abs(model.layers[0].get_weights()[0]).mean()
    print(f"{name:15} {losses[0]:9.5f} {losses[-1]:9.5f} {size:8.5f}")

model = net(kernel_regularizer=regularizers.l2(0.01))
weights = model.layers[0].get_weights()[0]
print('penalty: %.6f by hand, %.6f by Keras' % (0.01 * (weights ** 2).sum(), float(sum(model.losses))))
