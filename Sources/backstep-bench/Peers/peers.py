#!/usr/bin/env python3
"""Train one network of the catalog in one other library, and say how fast, as one JSON line.

  python peers.py digits-cnn jax --threads 1

One thread: the process pins itself to one core and every library is told to use one thread. Every
run is timed by the clock and by the processor time of the process: "median" is by the clock,
"cpu_median" what a run that never sleeps would take on a core that no other process uses.
Data: fixed seeds, Float32, or scikit-learn's bundled digits. No network is used.

torch: DataLoader, default Adam, eager. torch-lean: eager, a permutation as index, Adam(fused=True).
torch-compile: torch-lean with torch.compile over model and loss. keras: fit() on TensorFlow with
default settings; keras-jax the same on jax. jax: one jit-compiled call a batch. jax-scan: an epoch in
one call, the last partial batch dropped.
"""
import argparse, json, os, statistics, subprocess, sys, time

CAP_S, MIN_RUNS, RUNS = 20, 3, 7

# ------------------------------------------------------------------ workloads
D, C = "dense", "conv"
SEQ = {  # name: input shape, layers, loss, optimiser, samples, batch, epochs in one run, shuffle
    "binary": dict(inp=(20,), layers=[(D, 64, "relu"), (D, 64, "relu"), (D, 1, "sigmoid")], loss="bce",
               opt=("adam", 1e-3), n=1000, batch=32, epochs=10, shuffle=True),
    "ten-classes": dict(inp=(100,), layers=[(D, 64, "relu"), (D, 64, "relu"), (D, 10, "softmax")], loss="ce",
               opt=("adam", 1e-3), n=10000, batch=32, epochs=5, shuffle=True),
    "playground": dict(inp=(2,), layers=[(D, 8, "tanh"), (D, 8, "tanh"), (D, 1, "tanh")], loss="halfmse",
               opt=("sgd", 0.03), n=500, batch=10, epochs=20, shuffle=False),
    "digits-cnn": dict(inp=(8, 8, 1), layers=[(C, 16, "same"), ("pool",), (C, 32, "same"), ("pool",), ("flatten",),
               (D, 64, "relu"), (D, 10, "softmax")], loss="ce", opt=("adam", 1e-3), n=1797, batch=32, epochs=2, shuffle=True),
    "mnist-cnn": dict(inp=(28, 28, 1), layers=[(C, 32, "valid"), ("pool",), (C, 64, "valid"), ("pool",), ("flatten",),
               (D, 128, "relu"), (D, 10, "softmax")], loss="ce", opt=("adam", 1e-3), n=3000, batch=64, epochs=1, shuffle=True),
}
LSTM = dict(hidden=128, inp=32, seq=64, batch=32, out=32, steps=10)
GPT = dict(vocab=65, block=64, layers=4, heads=4, embd=128, batch=12, steps=20)



def digits():
    from sklearn.datasets import load_digits
    d = load_digits()
    return (d.data / 16.0).astype("float32"), d.target.astype("int64")


def seq_data(w):
    """X (NHWC for images, float32) and y."""
    import numpy as np
    s = SEQ[w]
    if w == "digits-cnn":
        X, y = digits()
        return X.reshape((-1,) + s["inp"]), y
    r = np.random.RandomState(0)
    X = r.rand(s["n"], *s["inp"]).astype("float32")
    if w == "binary":
        return X, r.randint(0, 2, (s["n"], 1)).astype("float32")
    if w == "playground":  # the "circle"-like target: inside or outside of a radius, as +1 / -1
        X = (X * 12 - 6).astype("float32")
        return X, np.where((X ** 2).sum(1, keepdims=True) < 9, 1, -1).astype("float32")
    return X, r.randint(0, 10, s["n"]).astype("int64")


# ------------------------------------------------------------------ timing
NOTE = {}


def timed(fn, units, cap=CAP_S, runs=RUNS):
    out = []
    t00 = time.perf_counter()
    while len(out) < runs and (len(out) < MIN_RUNS or time.perf_counter() - t00 < cap):
        t, c = time.perf_counter(), time.process_time()
        fn()
        out.append((time.perf_counter() - t, time.process_time() - c))
    return [units / t for t, _ in out], [units / c for _, c in out], [c / t for t, c in out]


def emit(workload, peer, fig, version, **extra):
    wall, cpu, busy = fig
    r = lambda v: float("%.5g" % v)
    o = dict(workload=workload, peer=peer, version=version, median=r(statistics.median(wall)), min=r(min(wall)),
             max=r(max(wall)), cpu_median=r(statistics.median(cpu)), busy=r(statistics.median(busy)), runs=len(wall))
    o.update(extra, **NOTE)
    print(json.dumps(o), flush=True)


def version_of(peer):
    import importlib.metadata as m
    v = lambda p: m.version(p)
    if peer.startswith("torch"): return "torch " + v("torch")
    if peer == "keras-jax": return "keras %s, jax %s" % (v("keras"), v("jax"))
    if peer.startswith("keras"): return "keras %s, tensorflow-cpu %s" % (v("keras"), v("tensorflow-cpu"))
    if peer.startswith("jax"): return "jax %s, optax %s" % (v("jax"), v("optax"))
    return peer


def set_threads(n, peer):
    if n == 1:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    for k in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "NUM_CPU_THREADS"):
        os.environ.setdefault(k, str(n))
    if n == 1:
        os.environ["XLA_FLAGS"] = (os.environ.get("XLA_FLAGS", "") + " --xla_cpu_multi_thread_eigen=false").strip()
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["JAX_PLATFORMS"] = "cpu"
    os.environ["KERAS_BACKEND"] = {"keras-jax": "jax"}.get(peer, "tensorflow")


# ------------------------------------------------------------------ torch
def torch_setup(threads):
    import torch
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    return torch


def torch_seq(s, channels_last=False):
    import torch.nn as nn
    mods, shape = [], s["inp"]
    for l in s["layers"]:
        if l[0] == C:
            mods += [nn.Conv2d(shape[2], l[1], 3, padding=1 if l[2] == "same" else 0), nn.ReLU()]
            k = 0 if l[2] == "same" else 2
            shape = (shape[0] - k, shape[1] - k, l[1])
        elif l[0] == "pool":
            mods.append(nn.MaxPool2d(2)); shape = (shape[0] // 2, shape[1] // 2, shape[2])
        elif l[0] == "flatten":
            mods.append(nn.Flatten()); shape = (shape[0] * shape[1] * shape[2],)
        else:
            mods.append(nn.Linear(shape[0], l[1])); shape = (l[1],)
            # softmax and sigmoid are in the loss (cross_entropy, bce_with_logits), as is usual in torch
            if l[2] == "relu": mods.append(nn.ReLU())
            if l[2] == "tanh": mods.append(nn.Tanh())
    return nn.Sequential(*mods)


def torch_loss(name):
    import torch.nn.functional as F
    return {"ce": F.cross_entropy, "bce": F.binary_cross_entropy_with_logits,
            "halfmse": lambda o, t: 0.5 * F.mse_loss(o, t)}[name]


def train_torch(w, peer, threads):
    """torch: DataLoader(shuffle=True), default Adam.  torch-lean: index a permutation, Adam(fused=True).
    torch-compile: torch-lean with torch.compile over model and loss."""
    torch = torch_setup(threads)
    s = SEQ[w]
    X, y = seq_data(w)
    X, y = torch.from_numpy(X), torch.from_numpy(y)
    if X.dim() == 4: X = X.permute(0, 3, 1, 2).contiguous()
    model, lossf = torch_seq(s), torch_loss(s["loss"])
    if peer == "torch-cl":
        model, X = model.to(memory_format=torch.channels_last), X.to(memory_format=torch.channels_last)
    fused = {} if peer == "torch" else {"fused": True}
    opt = (torch.optim.Adam if s["opt"][0] == "adam" else torch.optim.SGD)(model.parameters(), lr=s["opt"][1], **fused)
    step = lambda a, b: lossf(model(a), b)
    if peer == "torch-compile":
        step = torch.compile(step, dynamic=False)
    n, B, last = len(X), s["batch"], [0.0]
    if peer == "torch" and s["shuffle"]:
        from torch.utils.data import DataLoader, TensorDataset
        dl = DataLoader(TensorDataset(X, y), batch_size=B, shuffle=True)
        batches = lambda: dl
    elif s["shuffle"]:
        def batches():
            p = torch.randperm(n)
            for i in range(0, n, B):
                q = p[i:i + B]
                yield X[q], y[q]
    else:
        batches = lambda: ((X[i:i + B], y[i:i + B]) for i in range(0, n, B))

    def epochs(k):
        for _ in range(k):
            for a, b in batches():
                opt.zero_grad()
                loss = step(a, b)
                loss.backward()
                opt.step()
        last[0] = loss.item()
    return epochs, n, last


def torch_lstm(peer, threads):
    torch = torch_setup(threads)
    import torch.nn as nn, torch.nn.functional as F
    g = LSTM

    class M(nn.Module):
        def __init__(m):
            super().__init__()
            m.l, m.d = nn.LSTM(g["inp"], g["hidden"], batch_first=True), nn.Linear(g["hidden"], g["out"])

        def forward(m, x):
            return m.d(m.l(x)[0])
    m = M()
    x, y = torch.randn(g["batch"], g["seq"], g["inp"]), torch.randint(0, g["out"], (g["batch"], g["seq"]))
    opt, last = torch.optim.Adam(m.parameters(), fused=peer == "torch-compile"), [0.0]
    f = lambda a, b: F.cross_entropy(m(a).flatten(0, 1), b.flatten())
    if peer == "torch-compile":
        import torch._dynamo
        torch._dynamo.config.allow_rnn = True  # nn.LSTM is otherwise left out of the graph
        f = torch.compile(f, dynamic=False)

    def steps(k):
        for _ in range(k):
            opt.zero_grad()
            loss = f(x, y)
            loss.backward()
            opt.step()
        last[0] = loss.item()
    return steps, g["batch"], last


def torch_gpt(peer, threads):
    torch = torch_setup(threads)
    import torch.nn as nn, torch.nn.functional as F, numpy as np
    g = GPT
    E, H, V, T = g["embd"], g["heads"], g["vocab"], g["block"]

    class Block(nn.Module):
        def __init__(b):
            super().__init__()
            b.n1, b.n2 = nn.LayerNorm(E, bias=False), nn.LayerNorm(E, bias=False)
            b.qkv, b.o = nn.Linear(E, 3 * E, bias=False), nn.Linear(E, E, bias=False)
            b.up, b.down = nn.Linear(E, 4 * E, bias=False), nn.Linear(4 * E, E, bias=False)

        def forward(b, x):
            B = x.size(0)
            q, k, v = (t.view(B, T, H, E // H).transpose(1, 2) for t in b.qkv(b.n1(x)).split(E, 2))
            a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + b.o(a.transpose(1, 2).reshape(B, T, E))
            return x + b.down(F.gelu(b.up(b.n2(x))))

    class M(nn.Module):
        def __init__(m):
            super().__init__()
            m.te, m.pe = nn.Embedding(V, E), nn.Embedding(T, E)
            m.b, m.n = nn.Sequential(*[Block() for _ in range(g["layers"])]), nn.LayerNorm(E, bias=False)
            for p in m.parameters():
                if p.dim() > 1: nn.init.normal_(p, 0, 0.02)

        def forward(m, i):
            h = m.n(m.b(m.te(i) + m.pe(torch.arange(T))))
            return h @ m.te.weight.t()  # tied head
    m, r, last = M(), np.random.RandomState(0), [0.0]
    toks = torch.from_numpy(r.randint(0, V, 100000))
    wd = [p for p in m.parameters() if p.dim() > 1]
    opt = torch.optim.AdamW([{"params": wd, "weight_decay": 0.1}, {"params": [p for p in m.parameters() if p.dim() < 2], "weight_decay": 0.0}],
                            lr=1e-3, betas=(0.9, 0.99), fused=peer == "torch-compile")
    f = lambda a, b: F.cross_entropy(m(a).flatten(0, 1), b.flatten())
    if peer == "torch-compile":
        f = torch.compile(f, dynamic=False)

    def steps(k):
        for _ in range(k):
            ix = torch.randint(len(toks) - T - 1, (g["batch"],))
            a = torch.stack([toks[i:i + T] for i in ix]); b = torch.stack([toks[i + 1:i + 1 + T] for i in ix])
            opt.zero_grad(set_to_none=True)
            loss = f(a, b)
            loss.backward()
            opt.step()
        last[0] = loss.item()
    return steps, g["batch"] * T, last


# ------------------------------------------------------------------ keras
def keras_setup(peer, threads):
    if os.environ["KERAS_BACKEND"] == "tensorflow":
        import tensorflow as tf
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
    elif os.environ["KERAS_BACKEND"] == "torch":
        import torch
        torch.set_num_threads(threads)
    import keras
    keras.utils.set_random_seed(0)
    return keras


def keras_seq(keras, s):
    L = keras.layers
    ls = [keras.Input(s["inp"])]
    for l in s["layers"]:
        if l[0] == C: ls.append(L.Conv2D(l[1], 3, padding=l[2], activation="relu"))
        elif l[0] == "pool": ls.append(L.MaxPooling2D(2))
        elif l[0] == "flatten": ls.append(L.Flatten())
        else: ls.append(L.Dense(l[1], activation=l[2]))
    return keras.Sequential(ls)


def keras_fitter(keras, peer, m, loss, opt, X, y, batch, shuffle, per_epoch, last):
    kw = {}
    if peer == "keras-jit": kw["jit_compile"] = True
    if peer == "keras-spe": kw["steps_per_execution"] = per_epoch
    m.compile(optimizer=opt, loss=loss, **kw)

    def epochs(k):
        h = m.fit(X, y, epochs=k, batch_size=batch, shuffle=shuffle, verbose=0)
        last[0] = h.history["loss"][-1]
    NOTE["jit_compile"] = bool(m.jit_compile)
    return epochs


def train_keras(w, peer, threads):
    """keras: fit() with default settings (jit_compile="auto", which turns out to mean False here).  keras-jit: jit_compile=True (XLA).
    keras-spe: steps_per_execution = a whole epoch.  keras-jax, keras-torch: the other backends."""
    keras = keras_setup(peer, threads)
    s = SEQ[w]
    X, y = seq_data(w)
    loss = {"ce": "sparse_categorical_crossentropy", "bce": "binary_crossentropy", "halfmse": lambda t, o: 0.5 * (o - t) ** 2}[s["loss"]]
    if s["loss"] == "halfmse":
        loss = lambda t, o: 0.5 * keras.ops.mean((o - t) ** 2, axis=-1)
    opt = keras.optimizers.Adam(s["opt"][1]) if s["opt"][0] == "adam" else keras.optimizers.SGD(s["opt"][1])
    last = [0.0]
    return keras_fitter(keras, peer, keras_seq(keras, s), loss, opt, X, y, s["batch"], s["shuffle"], -(-len(X) // s["batch"]), last), len(X), last


def keras_lstm(peer, threads):
    keras = keras_setup(peer, threads)
    import numpy as np
    g, r, last = LSTM, np.random.RandomState(0), [0.0]
    n = g["batch"] * g["steps"]
    X, y = r.randn(n, g["seq"], g["inp"]).astype("float32"), r.randint(0, g["out"], (n, g["seq"]))
    m = keras.Sequential([keras.Input((g["seq"], g["inp"])), keras.layers.LSTM(g["hidden"], return_sequences=True), keras.layers.Dense(g["out"], activation="softmax")])
    return keras_fitter(keras, peer, m, "sparse_categorical_crossentropy", "adam", X, y, g["batch"], True, g["steps"], last), n, last


def keras_gpt(peer, threads):
    keras = keras_setup(peer, threads)
    import numpy as np
    g, r, last, L = GPT, np.random.RandomState(0), [0.0], keras.layers
    E, T, V, n = g["embd"], g["block"], g["vocab"], g["batch"] * g["steps"]
    toks = r.randint(0, V, 100000)
    ix = r.randint(0, len(toks) - T - 1, n)
    X, y = np.stack([toks[i:i + T] for i in ix]), np.stack([toks[i + 1:i + 1 + T] for i in ix])

    class Pos(L.Layer):
        def build(self, sh): self.w = self.add_weight(shape=(T, E), initializer="random_normal")
        def call(self, x): return x + self.w
    i = keras.Input((T,), dtype="int32")
    x = Pos()(L.Embedding(V, E)(i))
    for _ in range(g["layers"]):
        h = L.LayerNormalization(epsilon=1e-5)(x)
        x = x + L.MultiHeadAttention(g["heads"], E // g["heads"], use_bias=False)(h, h, use_causal_mask=True)
        h = L.LayerNormalization(epsilon=1e-5)(x)
        x = x + L.Dense(E, use_bias=False)(L.Dense(4 * E, activation="gelu", use_bias=False)(h))
    m = keras.Model(i, L.Dense(V, use_bias=False)(L.LayerNormalization(epsilon=1e-5)(x)))  # head not tied
    opt = keras.optimizers.AdamW(1e-3, weight_decay=0.1, beta_2=0.99)
    return keras_fitter(keras, peer, m, keras.losses.SparseCategoricalCrossentropy(from_logits=True), opt, X, y, g["batch"], True, g["steps"], last), n * T, last


# ------------------------------------------------------------------ jax
def glorot(r, *shape):
    import numpy as np
    fan = shape[-1] + int(np.prod(shape[:-1]))
    return r.uniform(-1, 1, shape).astype("float32") * (6 / fan) ** 0.5


def train_jax(w, peer, threads):
    """jax: one jit-compiled step a batch, optax.adam.  jax-scan: a whole epoch inside one jit (lax.scan; last partial batch dropped)."""
    import jax, jax.numpy as jnp, numpy as np, optax
    from jax import lax
    s = SEQ[w]
    X, y = seq_data(w)
    r, P, shape = np.random.RandomState(1), [], s["inp"]
    for l in s["layers"]:
        if l[0] == C:
            P.append((glorot(r, 3, 3, shape[2], l[1]), np.zeros(l[1], "float32")))
            k = 0 if l[2] == "same" else 2
            shape = (shape[0] - k, shape[1] - k, l[1])
        elif l[0] == "pool": P.append(()); shape = (shape[0] // 2, shape[1] // 2, shape[2])
        elif l[0] == "flatten": P.append(()); shape = (shape[0] * shape[1] * shape[2],)
        else: P.append((glorot(r, shape[0], l[1]), np.zeros(l[1], "float32"))); shape = (l[1],)

    def net(P, x):
        for l, p in zip(s["layers"], P):
            if l[0] == C:
                x = jax.nn.relu(lax.conv_general_dilated(x, p[0], (1, 1), l[2].upper(), dimension_numbers=("NHWC", "HWIO", "NHWC")) + p[1])
            elif l[0] == "pool": x = lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
            elif l[0] == "flatten": x = x.reshape(x.shape[0], -1)
            else:
                x = x @ p[0] + p[1]
                if l[2] == "relu": x = jax.nn.relu(x)
                if l[2] == "tanh": x = jnp.tanh(x)
        return x

    def lossf(P, x, t):
        o = net(P, x)
        if s["loss"] == "ce": return optax.softmax_cross_entropy_with_integer_labels(o, t).mean()
        if s["loss"] == "bce": return optax.sigmoid_binary_cross_entropy(o, t).mean()
        return 0.5 * ((o - t) ** 2).mean()
    opt = optax.adam(s["opt"][1]) if s["opt"][0] == "adam" else optax.sgd(s["opt"][1])

    def step(P, S, x, t):
        loss, g = jax.value_and_grad(lossf)(P, x, t)
        u, S = opt.update(g, S, P)
        return optax.apply_updates(P, u), S, loss
    P = jax.tree.map(jnp.asarray, P)
    st = {"P": P, "S": opt.init(P)}
    n, B, last, rng = len(X), s["batch"], [0.0], np.random.RandomState(2)
    if s["loss"] == "ce": y = y.astype("int32")
    if peer == "jax":
        jstep = jax.jit(step)

        def epochs(k):
            P, S = st["P"], st["S"]
            for _ in range(k):
                p = rng.permutation(n) if s["shuffle"] else np.arange(n)
                for i in range(0, n, B):
                    P, S, loss = jstep(P, S, X[p[i:i + B]], y[p[i:i + B]])
            st["P"], st["S"] = P, S
            last[0] = float(loss)
        return epochs, n, last
    nb = n // B

    @jax.jit
    def epoch(P, S, p):
        def body(c, q):
            P, S, loss = step(*c, Xd[q], yd[q])
            return (P, S), loss
        (P, S), l = lax.scan(body, (P, S), p)
        return P, S, l[-1]
    Xd, yd = jnp.asarray(X), jnp.asarray(y)

    def epochs(k):
        P, S = st["P"], st["S"]
        for _ in range(k):
            p = rng.permutation(n) if s["shuffle"] else np.arange(n)
            P, S, loss = epoch(P, S, p[:nb * B].reshape(nb, B))
        st["P"], st["S"] = P, S
        last[0] = float(loss)
    return epochs, nb * B, last


def jax_loop(P, lossf, opt, batch, units):
    import jax, jax.numpy as jnp, optax
    P = jax.tree.map(jnp.asarray, P)
    st, last = [P, opt.init(P)], [0.0]

    @jax.jit
    def step(P, S, x, t):
        loss, g = jax.value_and_grad(lossf)(P, x, t)
        u, S = opt.update(g, S, P)
        return optax.apply_updates(P, u), S, loss

    def steps(k):
        for _ in range(k):
            st[0], st[1], loss = step(st[0], st[1], *batch())
        last[0] = float(loss)
    return steps, units, last


def jax_lstm(peer, threads):
    import jax, jax.numpy as jnp, numpy as np, optax
    g, r = LSTM, np.random.RandomState(0)
    H = g["hidden"]
    x, y = r.randn(g["batch"], g["seq"], g["inp"]).astype("float32"), r.randint(0, g["out"], (g["batch"], g["seq"])).astype("int32")
    P = dict(wx=glorot(r, g["inp"], 4 * H), wh=glorot(r, H, 4 * H), b=np.zeros(4 * H, "float32"), wo=glorot(r, H, g["out"]), bo=np.zeros(g["out"], "float32"))

    def lossf(P, x, t):
        zx = jnp.swapaxes(x @ P["wx"] + P["b"], 0, 1)  # the input product for all steps at once

        def cell(c, z):
            h, c = c
            i, f, u, o = jnp.split(z + h @ P["wh"], 4, -1)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(u)
            h = jax.nn.sigmoid(o) * jnp.tanh(c)
            return (h, c), h
        z = jnp.zeros((g["batch"], H))
        _, hs = jax.lax.scan(cell, (z, z), zx)
        o = jnp.swapaxes(hs, 0, 1) @ P["wo"] + P["bo"]
        return optax.softmax_cross_entropy_with_integer_labels(o, t).mean()
    return jax_loop(P, lossf, optax.adam(1e-3), lambda: (x, y), g["batch"])


def jax_gpt(peer, threads):
    import jax, jax.numpy as jnp, numpy as np, optax
    g, r = GPT, np.random.RandomState(0)
    E, H, T, V, B = g["embd"], g["heads"], g["block"], g["vocab"], g["batch"]
    w = lambda *s: (r.randn(*s) * 0.02).astype("float32")
    one = lambda: np.ones(E, "float32")
    P = dict(te=w(V, E), pe=w(T, E), n=one(), b=[dict(n1=one(), n2=one(), qkv=w(E, 3 * E), o=w(E, E), up=w(E, 4 * E), dn=w(4 * E, E)) for _ in range(g["layers"])])
    mask = np.tril(np.ones((T, T), bool))
    toks = r.randint(0, V, 100000).astype("int32")

    def ln(x, w):
        m = x.mean(-1, keepdims=True)
        return (x - m) * jax.lax.rsqrt(((x - m) ** 2).mean(-1, keepdims=True) + 1e-5) * w

    def lossf(P, i, t):
        x = P["te"][i] + P["pe"]
        for b in P["b"]:
            q, k, v = (a.reshape(B, T, H, E // H) for a in jnp.split(ln(x, b["n1"]) @ b["qkv"], 3, -1))
            s = jnp.einsum("bthd,bshd->bhts", q, k) * (E // H) ** -0.5
            a = jax.nn.softmax(jnp.where(mask, s, -jnp.inf), -1)
            x = x + jnp.einsum("bhts,bshd->bthd", a, v).reshape(B, T, E) @ b["o"]
            x = x + jax.nn.gelu(ln(x, b["n2"]) @ b["up"], approximate=False) @ b["dn"]
        return optax.softmax_cross_entropy_with_integer_labels(ln(x, P["n"]) @ P["te"].T, t).mean()

    def batch():
        ix = r.randint(0, len(toks) - T - 1, B)
        return np.stack([toks[i:i + T] for i in ix]), np.stack([toks[i + 1:i + 1 + T] for i in ix])
    opt = optax.adamw(1e-3, b2=0.99, weight_decay=0.1, mask=lambda P: jax.tree.map(lambda a: a.ndim > 1, P))
    return jax_loop(P, lossf, opt, batch, B * T)


# ------------------------------------------------------------------ all of them
def trainer(w, peer, threads):
    kind = peer.split("-")[0]
    table = {"lstm": {"torch": torch_lstm, "keras": keras_lstm, "jax": jax_lstm},
             "gpt": {"torch": torch_gpt, "keras": keras_gpt, "jax": jax_gpt}}
    if w in table: return table[w][kind](peer, threads)
    return {"torch": train_torch, "keras": train_keras, "jax": train_jax}[kind](w, peer, threads)


def run_training(w, peer, threads):
    go, units, last = trainer(w, peer, threads)
    per_run = SEQ[w]["epochs"] if w in SEQ else 1
    if w == "lstm" and not peer.startswith("keras"): per_run = LSTM["steps"]
    if w == "gpt" and not peer.startswith("keras"): per_run = GPT["steps"]
    go(3 if peer == "torch-compile" else 1)
    if w != "mnist-cnn" or not peer.startswith(("keras", "torch")): go(1)
    # make runs long enough to time (0.3 s), whatever the peer
    t = time.perf_counter(); go(1); one = time.perf_counter() - t
    if w not in ("binary", "ten-classes", "mnist-cnn"):
        per_run = max(per_run if w in ("lstm", "gpt") else 1, min({"digits-cnn": 7}.get(w, 500), int(0.3 / one)))
    fig = timed(lambda: go(per_run), units * per_run)
    emit(w, peer, fig, version_of(peer), per_run=per_run, loss=float("%.4g" % last[0]))


def run_playground():
    """The engine of TensorFlow Playground, if somebody has a script for it: PLAYGROUND_DRIVER names a node script that
    trains 2-8-8-1 tanh on 500 points, batch 10, lr 0.03 and prints {"wall": [...], "cpu": [...]} seconds an epoch."""
    p = os.environ.get("PLAYGROUND_DRIVER")
    if not p: sys.exit("PLAYGROUND_DRIVER is not set")
    o = json.loads(subprocess.check_output(["node", p], text=True))
    emit("playground", "playground-js", ([500 / t for t in o["wall"]], [500 / t for t in o["cpu"]],
         [c / t for t, c in zip(o["wall"], o["cpu"])]), o["version"], loss=o["loss"])


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("workload", choices=list(SEQ) + ["lstm", "gpt"])
    ap.add_argument("peer")
    ap.add_argument("--threads", type=int, default=1)
    a = ap.parse_args()
    if a.peer == "playground-js": return run_playground()
    set_threads(a.threads, a.peer)
    run_training(a.workload, a.peer, a.threads)


if __name__ == "__main__":
    main()
