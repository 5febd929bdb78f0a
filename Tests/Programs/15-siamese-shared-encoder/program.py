# expects: same
from keras.models import Model
from keras.layers import Input, Dense, Lambda, Subtract
import keras
import numpy as np

np.random.seed(11)
left = np.random.rand(40, 6)
right = left + np.random.normal(0, 0.05, size=left.shape)
right[::2] = np.random.rand(20, 6)
same = (np.arange(40) % 2).reshape(-1, 1)

def create_base_network(dim):
    '''Base network to be shared.'''
    inp = Input(shape=(dim,))
    x = Dense(10, activation='tanh')(inp)
    x = Dense(4, activation='tanh')(x)
    return Model(inp, x, name='encoder')

encoder = create_base_network(6)
a = Input(shape=(6,), name='left')
b = Input(shape=(6,), name='right')

# because we re-use the same instance `encoder`, the weights are shared across the two branches
difference = Subtract()([encoder(a), encoder(b)])
distance = Lambda(lambda t: keras.ops.abs(t), output_shape=(4,), name='absolute')(difference)
prediction = Dense(1, activation='sigmoid', name='same')(distance)
siamese = Model([a, b], prediction)

rs = np.random.RandomState(2)
siamese.set_weights([rs.normal(scale=0.7, size=w.shape) for w in siamese.get_weights()])
siamese.compile(loss='binary_crossentropy', optimizer=keras.optimizers.Adam(0.01), metrics=['accuracy'])

print('Weights:', len(siamese.get_weights()), 'Parameters:', siamese.count_params(),
      'of which encoder:', encoder.count_params())
history = siamese.fit([left, right], same, epochs=20, batch_size=8, shuffle=False, verbose=0)
print('%.4f -> %.4f' % (history.history['loss'][0], history.history['loss'][-1]))
print(siamese.predict([left[:4], right[:4]], verbose=0).round(4))

code = encoder.predict(left[:2], verbose=0)
print('codes', code.shape, code.round(4).tolist())
