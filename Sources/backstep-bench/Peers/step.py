"""One training step of 20-64-64-1 (batch 32, Adam) in PyTorch and jax, on one thread.

Prints a JSON line per peer and run: {"peer": …, "microseconds": …}. Run by backstep-bench, which
interleaves it with its own runs; the data is random, because only the time counts.
"""
import json, os, sys, time

os.environ.update(OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", JAX_PLATFORMS="cpu")
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
import numpy as np

RUNS, STEPS, BATCH = 7, 310, 32
rng = np.random.RandomState(0)
X = rng.rand(992, 20).astype("float32")
Y = rng.randint(0, 2, (992, 1)).astype("float32")
SIZES = [(20, 64), (64, 64), (64, 1)]


def report(peer, version, epoch):
    """Times whole epochs of 31 steps, the first ones left out."""
    epoch()
    epoch()
    for _ in range(RUNS):
        start = time.perf_counter()
        for _ in range(STEPS // 31):
            epoch()
        each = (time.perf_counter() - start) / STEPS
        print(json.dumps({"peer": peer, "version": version, "microseconds": each * 1e6}), flush=True)


def with_torch():
    import torch
    torch.set_num_threads(1)
    net = torch.nn.Sequential(
        torch.nn.Linear(20, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64), torch.nn.ReLU(),
        torch.nn.Linear(64, 1))
    adam = torch.optim.Adam(net.parameters(), fused=True)
    loss_of = torch.nn.functional.binary_cross_entropy_with_logits
    x, y = torch.from_numpy(X), torch.from_numpy(Y)

    def epoch():
        order = torch.randperm(len(x))
        for i in range(0, len(x), BATCH):
            rows = order[i:i + BATCH]
            adam.zero_grad()
            loss_of(net(x[rows]), y[rows]).backward()
            adam.step()

    report("torch", torch.__version__, epoch)


def with_jax():
    import jax, jax.numpy as jnp, optax
    params = [(jnp.array(rng.randn(m, n).astype("float32") * 0.1), jnp.zeros(n)) for m, n in SIZES]
    adam = optax.adam(1e-3)
    x, y = jnp.array(X), jnp.array(Y)

    def loss(params, x, y):
        h = x
        for w, b in params[:-1]:
            h = jax.nn.relu(h @ w + b)
        z = h @ params[-1][0] + params[-1][1]
        return optax.sigmoid_binary_cross_entropy(z, y).mean()

    def step(carry, rows):
        params, state = carry
        grads = jax.grad(loss)(params, x[rows], y[rows])
        change, state = adam.update(grads, state)
        return (optax.apply_updates(params, change), state), None

    one = jax.jit(lambda carry, rows: step(carry, rows)[0])
    whole = jax.jit(lambda carry, order: jax.lax.scan(step, carry, order)[0])
    batches = lambda: rng.permutation(992).reshape(31, BATCH)
    for peer, run in (("jax, a call a step", False), ("jax, an epoch in one call", True)):
        carry = [(params, adam.init(params))]

        def epoch():
            order = batches()
            if run:
                carry[0] = whole(carry[0], order)
            else:
                for rows in order:
                    carry[0] = one(carry[0], rows)
            jax.block_until_ready(carry[0])

        report(peer, jax.__version__, epoch)


for name, run in (("torch", with_torch), ("jax", with_jax)):
    if len(sys.argv) < 2 or name in sys.argv[1:]:
        try:
            run()
        except ImportError as missing:
            print(json.dumps({"peer": name, "missing": str(missing)}), flush=True)
