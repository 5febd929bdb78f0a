# expects: same
# first neural network with keras: csv, make predictions
from numpy import genfromtxt
import numpy
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense
# load the dataset
dataset = genfromtxt('patients.csv', delimiter=',', skip_header=1)
# split into input (X) and output (y) variables
X = dataset[:,0:6]
y = dataset[:,6]
# scale every column to 0..1
X = (X - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0))
# define the keras model
model = Sequential()
model.add(Dense(12, input_shape=(6,), activation='relu'))
model.add(Dense(8, activation='relu'))
model.add(Dense(1, activation='sigmoid'))
numpy.random.seed(7)
model.set_weights([numpy.random.uniform(-0.6, 0.8, w.shape) for w in model.get_weights()])
# compile the keras model
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
# fit the keras model on the dataset
model.fit(X, y, epochs=15, batch_size=10, verbose=2, shuffle=False)
# evaluate the keras model
_, accuracy = model.evaluate(X, y, verbose=0)
print('Accuracy: %.2f' % (accuracy*100))
# make class predictions with the model
predictions = (model.predict(X, verbose=0) > 0.5).astype(int)
# summarize the first 5 cases
for i in range(5):
	print('%s => %d (expected %d)' % (X[i].round(3).tolist(), predictions[i][0], y[i]))
