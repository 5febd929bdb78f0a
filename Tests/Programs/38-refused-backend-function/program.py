# expects: refused 16 function
from keras.models import Sequential
from keras.layers import Dense, Input
from keras import backend as K
import numpy as np

model = Sequential()
model.add(Input((4,)))
model.add(Dense(3, activation='relu', name='hidden'))
model.add(Dense(2, activation='softmax', name='out'))
model.compile(loss='categorical_crossentropy', optimizer='adam')

# the activations of the hidden layer
x = np.ones((2, 4))

get_hidden = K.function([model.layers[0].input], [model.layers[0].output])
print(get_hidden([x])[0].shape)
