# expects: same
import keras
from keras import layers, metrics
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

data = load_breast_cancer()
print(data.data.shape, data.target_names, data.feature_names[:3])

X_train, X_test, y_train, y_test = train_test_split(
    data.data, data.target, test_size=0.33, random_state=42)
N, D = X_train.shape

scaler = StandardScaler()
X_train = scaler.fit_transform(X_train)
X_test = scaler.transform(X_test)

# Logistic regression is a network of one unit
model = keras.models.Sequential([
    layers.Input(shape=(D,)),
    layers.Dense(1, activation='sigmoid', kernel_initializer='zeros'),
])
model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01),
              loss='binary_crossentropy',
              metrics=['accuracy', metrics.AUC(name='auc'), metrics.Precision(name='precision'),
                       metrics.Recall(name='recall')])
r = model.fit(X_train, y_train, validation_data=(X_test, y_test), epochs=8, shuffle=False, verbose=2)

print("Train score:", model.evaluate(X_train, y_train, verbose=0))
print("Test score:", model.evaluate(X_test, y_test, verbose=0, return_dict=True))

weights = model.layers[-1].get_weights()[0].flatten()
order = abs(weights).argsort()[::-1]
for i in order[:5]:
    print(f"{data.feature_names[i]:<25s}{weights[i]:+.4f}")
