# expects: refused 3 urllib
import numpy as np
import urllib.request

url = "https://example.com/data.csv"
urllib.request.urlretrieve(url, "data.csv")
data = np.loadtxt("data.csv", delimiter=",")
