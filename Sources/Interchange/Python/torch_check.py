# The lab's numbers, and the comparison.

import sys

lab = {name: x.double() for name, x in read_tensors(BESIDE).items()}
compared = 0
skipped = 0


def size_of(x):
    x = x.detach()
    x = x[torch.isfinite(x)]
    return float(x.abs().max()) if x.numel() else 0.0


def compare(where_from, name, mine, wanted, tolerance):
    """Compares number by number; the first that differs ends the script."""
    global compared
    mine, wanted = mine.detach().reshape(-1), wanted.reshape(-1)
    same = ((mine - wanted).abs() <= tolerance) | (mine == wanted) | (mine.isnan() & wanted.isnan())
    if not bool(same.all()):
        k = int((~same).nonzero()[0])
        shape, index, rest = shapes.get(name, [mine.numel()]), [], k
        for extent in reversed(shape):
            index.insert(0, rest % extent)
            rest //= extent
        print(
            f"{where_from}: {name}{str(index).replace(' ', '') if shape else ''} is "
            f"{mine[k].item()} in PyTorch, {wanted[k].item()} in the lab "
            f"(tolerance {tolerance:.2g}); {compared} values before it agree"
        )
        sys.exit(1)
    compared += mine.numel()


def agree(key, name, mine):
    """Compares what forward makes, then goes on with the lab's numbers: the way back then starts
    from the very same."""
    wanted = lab[key].reshape(mine.shape)
    shapes[name] = list(mine.shape)
    compare("forward", name, mine, wanted, 1e-5 * max(size_of(wanted), size_of(mine) * 1e-3) + 1e-7)
    made = mine + (wanted - mine.detach()) if bool(torch.isfinite(wanted).all()) else mine
    if made.requires_grad:
        made.retain_grad()
    return made


def given(key, shape):
    """Numbers that are taken from the lab: examples, weights, what was drawn by chance."""
    return lab[key].reshape(shape).clone()


def weight(key, shape):
    return given(key, shape).requires_grad_()


shapes = {}
gradients = []


def agree_gradient(key, name, value):
    """Compares what autograd found with the lab's gradient."""
    global skipped
    if value.grad is None:
        skipped += 1
        return
    shapes[name] = list(value.shape)
    wanted = lab[key].reshape(value.shape)
    compare("backward", name, value.grad, wanted, 1e-4 * size_of(wanted) + 1e-6 * largest_gradient)


def agree_update(name, optimizer, parameter, key, start_key, gradient_key, state):
    """One update by torch.optim, from the lab's weight and gradient."""
    p = torch.nn.Parameter(lab[start_key].clone())
    p.grad = lab[gradient_key].reshape(p.shape).clone()
    made = optimizer([p])
    made.state[p] = {k: x.clone().reshape(p.shape) if x.dim() else x for k, x in state.items()}
    made.step()
    shapes[name] = list(parameter)
    wanted = lab[key].reshape(p.shape)
    change = size_of(wanted - lab[start_key].reshape(p.shape))
    compare("update", name, p, wanted, 1e-6 * size_of(wanted) + 1e-3 * change)
