# expects: same
import numpy as np
import pandas as pd
import keras
from keras import layers

df = pd.read_csv("houses.csv")
print(df.columns.tolist(), df.shape)
print("rows:", len(df), "missing:", int(df["age"].isna().sum()))
df["age"] = df["age"].fillna(df["age"].mean())
print("mean age %.4f" % df["age"].mean())

kinds = sorted(df["kind"].unique())
kind = df["kind"].map({k: i for i, k in enumerate(kinds)}).values
numbers = df[["area", "rooms", "age"]].to_numpy().astype("float32")
price = df.pop("price").to_numpy() / 1000.0

normalizer = layers.Normalization()
normalizer.adapt(numbers)
print("mean", np.array(normalizer.mean).round(4), "variance", np.array(normalizer.variance).round(4))

encoder = layers.CategoryEncoding(num_tokens=len(kinds), output_mode="one_hot")
print(np.array(encoder(kind[:4])))
multi = layers.CategoryEncoding(num_tokens=4, output_mode="multi_hot")
print(np.array(multi(np.array([[0, 1], [0, 0], [1, 2], [3, 1]]))))
print(np.array(layers.Rescaling(1.0 / 127.5, offset=-1)(np.array([[0.0, 127.5, 255.0]]))))

features = np.concatenate([np.array(normalizer(numbers)), np.array(encoder(kind))], axis=1)
print(features.shape)
train, test = features[:20], features[20:]

model = keras.Sequential([
    keras.Input((features.shape[1],)),
    layers.Dense(6, activation="softplus"),
    layers.Dense(1),
])
rng = np.random.default_rng(2)
model.set_weights([rng.normal(0, 0.5, w.shape) for w in model.get_weights()])
model.compile(optimizer=keras.optimizers.Adam(0.05), loss="mean_absolute_error",
              metrics=[keras.metrics.RootMeanSquaredError()])
model.fit(train, price[:20], epochs=12, batch_size=5, verbose=0, shuffle=False)
mae, rmse = model.evaluate(test, price[20:], verbose=0)
print(f"test: off by {mae:.3f} thousand on average, root mean square {rmse:.3f}")
for guess, truth in zip(model.predict(test, verbose=0).flatten(), price[20:]):
    print("%8.2f %8.2f" % (guess, truth))
