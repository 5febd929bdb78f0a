# expects: same
# Recurrent layers with functions of every kind, masks, states and both directions; layers as functions.
import numpy as np, keras
from keras import layers, ops
def go(name,make,shape=(6,3),mask=False):
    keras.backend.clear_session()
    i=keras.Input(shape)
    h=layers.Masking()(i) if mask else i
    l=make(); o=l(h)
    if isinstance(o,(list,tuple)): o=layers.Concatenate()(list(o))
    out=layers.Dense(2,name="out")(layers.Flatten()(o) if len(o.shape)>2 else o)
    m=keras.Model(i,out)
    ws=m.get_weights(); m.set_weights([np.sin(np.arange(w.size)*1.3+k).reshape(w.shape)*.5 for k,w in enumerate(ws)])
    x=np.cos(np.arange(4*np.prod(shape))*.7).reshape((4,)+tuple(shape))
    if mask: x[0,4:]=0; x[1,2:]=0; x[2,0]=0
    m.compile(keras.optimizers.SGD(.05),"mse")
    hist=m.fit(x,np.ones((4,2)),epochs=5,batch_size=2,shuffle=False,verbose=0)
    print(name,[f"{v:.4f}" for v in hist.history["loss"]],[f"{v:.4f}" for v in m.predict(x,verbose=0).reshape(-1)], [f"{float(np.abs(w).sum()):.4f}" for w in m.get_weights()])
acts=["elu","selu","gelu","softsign","softplus","swish","hard_sigmoid","exponential","leaky_relu","softmax","mish","relu6","log_softmax","hard_tanh"]
for a in acts:
    go("lstm "+a,lambda:layers.LSTM(4,activation=a,recurrent_activation="hard_sigmoid"))
    go("gru "+a,lambda:layers.GRU(4,activation=a))
    go("rnn "+a,lambda:layers.SimpleRNN(4,activation=a))
go("lstm none",lambda:layers.LSTM(4,activation=None))
go("seq",lambda:layers.LSTM(3,activation="softsign",return_sequences=True,go_backwards=True))
go("state",lambda:layers.LSTM(3,activation="elu",return_state=True))
go("gru before",lambda:layers.GRU(3,activation="elu",recurrent_activation="hard_sigmoid",reset_after=False,return_sequences=True))
go("nobias",lambda:layers.GRU(3,activation="elu",use_bias=False))
go("masked",lambda:layers.LSTM(3,activation="elu",return_sequences=True),mask=True)
go("masked0",lambda:layers.GRU(3,activation="elu",return_sequences=True,zero_output_for_mask=True),mask=True)
go("bi",lambda:layers.Bidirectional(layers.LSTM(3,activation="softsign",return_sequences=True)),mask=True)
go("layer",lambda:layers.Dense(3,activation=layers.LeakyReLU(negative_slope=.1)))
go("relu",lambda:layers.Dense(3,activation=layers.ReLU(max_value=.5)))
go("elu",lambda:layers.Dense(3,activation=layers.ELU(.3)))
go("ops",lambda:layers.Dense(3,activation=ops.tanh))
go("opsa",lambda:layers.Activation(ops.silu))
i=keras.Input((3,4)); s=keras.Input((3,)); c=keras.Input((3,))
l=layers.LSTM(3,activation="softplus",return_sequences=True,return_state=True)
m=keras.Model([i,s,c],l(i,initial_state=[s,c]))
m.set_weights([np.sin(np.arange(w.size)).reshape(w.shape)*.5 for w in m.get_weights()])
print([np.round(p,4).tolist() for p in m.predict([np.ones((1,3,4)),np.ones((1,3)),np.ones((1,3))*.5],verbose=0)])
class P(layers.Layer):
    def build(self,s): self.pos=self.add_weight(shape=(8,s[-1]),initializer="ones",name="pos")
    def call(self,x): return x+self.pos[:x.shape[1]]
i=keras.Input((5,3)); m=keras.Model(i,P()(i)); print(m.predict(np.zeros((1,5,3)),verbose=0).sum())
