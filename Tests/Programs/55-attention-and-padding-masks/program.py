# expects: same
# Masks that a call gives beside those that embeddings make.
import numpy as np, keras
from keras import layers, ops
keras.utils.set_random_seed(1)
i=keras.Input((4,),dtype="int32")
E_=layers.Embedding(5,3,mask_zero=True,name="e"); F_=layers.Embedding(5,3,name="f")
e=E_(i); f=F_(i)
def go(name,make):
    mha=layers.MultiHeadAttention(1,2)
    m=keras.Model(i,make(mha))
    ws=[]; n=0
    for w in m.get_weights():
        ws.append((np.sin(np.arange(w.size)+n).reshape(w.shape))); n+=1
    m.set_weights(ws)
    p=m.predict(np.array([[1,2,0,0],[3,4,1,0]]),verbose=0)
    print(name,np.round(p[0],4).tolist(),np.round(p[1,3],4).tolist())
tri=np.tri(4,dtype=bool)
go("kv",lambda a:a(f,e,attention_mask=tri))
go("kv1",lambda a:a(f,e,attention_mask=tri[None]))
go("kvops",lambda a:a(f,e,attention_mask=ops.tril(ops.ones((4,4)))))
go("q",lambda a:a(e,f,attention_mask=tri))
go("both",lambda a:a(e,e,attention_mask=tri))
go("causal",lambda a:a(e,e,use_causal_mask=True))
