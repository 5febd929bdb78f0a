# expects: refused 6 outside
import numpy as np
import pandas as pd
from keras.layers import Dense

frame = pd.read_csv("../10-iris-pandas/flowers.csv")
print(frame.shape)
