# expects: same
# Functions of keras.ops with arguments of their own within models, and what they let through of gradients.
import numpy as np, keras
from keras import layers, ops
keras.utils.set_random_seed(3)
W=(np.arange(12).reshape(3,4)-5)/7.0
b=np.array([.1,-.2,.3,.05])
def run(name,f,shape=(5,3)):
    keras.backend.clear_session()
    i=keras.Input(shape); d=layers.Dense(4,name="d"); h=d(i)
    out=f(h)
    m=keras.Model(i,layers.Flatten()(out) if len(out.shape)>2 else out)
    d.set_weights([W,b])
    m.compile("sgd","mse")
    x=np.linspace(-1,1,2*5*3).reshape(2,5,3)
    p=m.predict(x,verbose=0)
    y=np.zeros(p.shape)
    m.fit(x,y,epochs=1,batch_size=2,verbose=0,shuffle=False)
    print(name,[f"{v:.4f}" for v in p.reshape(-1)[:6]],p.shape,f"{float(np.sum(np.abs(d.get_weights()[0]))):.4f}")
run("gelu",lambda h:ops.gelu(h))
run("gelu0",lambda h:ops.gelu(h,approximate=False))
run("gelupos",lambda h:ops.gelu(h,False))
run("leaky",lambda h:ops.leaky_relu(h,0.3))
run("leaky2",lambda h:ops.leaky_relu(h,negative_slope=0.3))
run("elu",lambda h:ops.elu(h,0.5))
run("celu",lambda h:ops.celu(h,0.5))
run("relu",lambda h:ops.relu(h))
run("stop",lambda h:ops.stop_gradient(h)*h)
run("cast",lambda h:ops.cast(ops.cast(h*3,'int32'),'float32')+h)
run("castb",lambda h:ops.cast(ops.cast(h>0.1,'bool'),'float32')*h)
run("norm1",lambda h:ops.norm(h,ord=1,axis=-1))
run("norminf",lambda h:ops.norm(h,ord=np.inf,axis=-1))
run("norm3",lambda h:ops.norm(h,ord=3,axis=-1,keepdims=True))
run("norm2",lambda h:ops.norm(h,axis=1))
run("round",lambda h:ops.round(h,1)+h)
run("round0",lambda h:ops.round(h)+h)
def oh(h):
    return ops.one_hot(ops.argmax(h,axis=-1),4,axis=1)+ops.sum(h,axis=1)[:,:,None]
run("onehot",oh)
