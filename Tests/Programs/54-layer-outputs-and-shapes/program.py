# expects: same
# What lies between layers: layer.output, shapes before a layer is built, and the order of what is named.
import numpy as np, keras
from keras import layers, ops
i=keras.Input((6,),name="x")
a=layers.Dense(5,activation="relu",name="a"); c=layers.Dense(2,name="c")
h=a(i); m=keras.Model(i,c(h))
a.set_weights([np.ones((6,5))*.1,np.zeros(5)]); c.set_weights([np.ones((5,2))*.2,np.ones(2)])
f=keras.Model(m.inputs,m.get_layer("a").output)
x=np.arange(12).reshape(2,6)/10
print(f.predict(x,verbose=0)); print(m.layers[0].output.shape, a.input.shape, a.output.shape, c.built)
s=keras.Sequential([keras.Input((8,8,1)),layers.Conv2D(3,3,name="k"),layers.MaxPooling2D(),layers.Flatten(),layers.Dense(2)])
g=keras.Model(s.inputs,[l.output for l in s.layers])
print([o.shape for o in g.predict(np.ones((1,8,8,1)),verbose=0)])
g=keras.Model(inputs=s.inputs,outputs=s.get_layer("k").output)
print(g.output_shape)
print(layers.Dense(3).compute_output_shape((None,5)), layers.Conv2D(4,3,strides=2,padding="same").compute_output_shape((2,9,9,1)), layers.LSTM(4,return_sequences=True).compute_output_shape((None,7,3)), layers.Concatenate().compute_output_shape([(None,3),(None,4)]), s.compute_output_shape((None,8,8,1)))
d=layers.Dense(3); print(d.built); d.compute_output_shape((None,4)); print(d.built); d(np.ones((2,4))); print(d.built)
q=keras.Input((4,3),name="q_in"); k=keras.Input((5,3),name="k_in")
dq=layers.Dense(3,name="q")(q); dk=layers.Dense(3,name="v")(k)
o=layers.MultiHeadAttention(2,2,name="mha")(query=dq,value=dk,key=dk)
mm=keras.Model([q,k],o)
print([l.name for l in mm.layers],[w.shape for w in mm.get_weights()],[w.path for w in mm.weights])
o=layers.MultiHeadAttention(2,2,name="mha2")(dq,value=dk,key=dk)
mm=keras.Model([q,k],o); print([l.name for l in mm.layers],[w.path for w in mm.weights])
o=layers.Attention()([dq,dk]); mm=keras.Model([q,k],o); print([l.name for l in mm.layers])
