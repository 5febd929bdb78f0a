"""optimizers.json: two variables under twelve gradients, for every optimizer."""

from .common import *

S = "keras.optimizers.schedules."
RATES = [None, 0.05]
COMMON = dict(
    weight_decay=[None, 0.1], clipping=[None, ("clipnorm", 0.8), ("clipvalue", 0.3),
                                        ("global_clipnorm", 1.1)],
    averages=[None, dict(use_ema=True, ema_momentum=0.7), dict(use_ema=True, ema_momentum=0.9,
                                                               ema_overwrite_frequency=4)],
    gradient_accumulation_steps=[None, 3],
    constraint=[None, "keras.constraints.NonNeg()", "keras.constraints.MaxNorm(0.9)"],
)
BETAS = dict(beta_1=[0.9, 0.8], beta_2=[0.999, 0.95], epsilon=[1e-7, 1e-3])
OPTIONS = {
    "SGD": dict(momentum=[0.0, 0.9], nesterov=[False, True]),
    "RMSprop": dict(rho=[0.9, 0.7], momentum=[0.0, 0.6], epsilon=[1e-7, 1e-3],
                    centered=[False, True]),
    "Adagrad": dict(initial_accumulator_value=[0.1, 0.5], epsilon=[1e-7, 1e-3]),
    "Adadelta": dict(rho=[0.95, 0.8], epsilon=[1e-7, 1e-3]),
    "Adam": dict(**BETAS, amsgrad=[False, True]), "AdamW": dict(**BETAS, amsgrad=[False, True]),
    "Adamax": BETAS, "Nadam": BETAS, "Lamb": BETAS,
    "Lion": dict(beta_1=[0.9, 0.8], beta_2=[0.99, 0.9]),
    "Ftrl": dict(learning_rate_power=[-0.5, -0.7], initial_accumulator_value=[0.1, 0.5],
                 l1_regularization_strength=[0.0, 0.05], l2_regularization_strength=[0.0, 0.1],
                 l2_shrinkage_regularization_strength=[0.0, 0.02], beta=[0.0, 0.3]),
    "Adafactor": dict(beta_2_decay=[-0.8, -0.5], clip_threshold=[1.0, 0.5],
                      relative_step=[True, False]),
    "Muon": dict(momentum=[0.95, 0.8], nesterov=[True, False], ns_steps=[5, 3],
                 rms_rate=[0.2, None]),
    "ScheduleFreeAdamW": dict(beta_1=[0.9, 0.8], beta_2=[0.999, 0.95], warmup_steps=[0, 4]),
}
SCHEDULES = [
    S + "ExponentialDecay(0.1, decay_steps=4, decay_rate=0.5)",
    S + "PiecewiseConstantDecay([3, 7], [0.1, 0.03, 0.01])",
    S + "CosineDecay(0.02, decay_steps=12, warmup_target=0.1, warmup_steps=3)",
]
OUTSIDE = {"Optimizer", "LossScaleOptimizer", "MultiOptimizer", "OptimizerMap"}


def run(code, constraint, starts, gradients):
    """The variables after each step, and what is left at the end of a fit."""
    optimizer = evaluate(code)
    variables = [keras.Variable(value, name=name) for name, value in starts.items()]
    if constraint is not None:
        variables[0].constraint = evaluate(constraint)
    steps = {name: [] for name in starts}
    for pair in zip(*gradients.values()):
        optimizer.apply([torch.tensor(one) for one in pair], variables)
        for name, variable in zip(starts, variables):
            steps[name].append(array(variable))
    optimizer.finalize_variable_values(variables)
    ends = {name: array(variable) for name, variable in zip(starts, variables)}
    return {name: np.stack(values) for name, values in steps.items()}, ends


def generate():
    draw = Draw(3)
    starts = {"kernel": draw.normal(3, 2), "bias": draw.normal(2)}
    sizes = np.array([1, 1, 0.5, 2, 0.1, 1, 3, 1, 0.01, 1, 0.3, 1], np.float32)
    gradients = {
        "kernel": np.stack([draw.normal(3, 2, scale=s) for s in sizes]),
        "bias": np.stack([draw.normal(2, scale=s) for s in sizes]),
    }
    gradients["kernel"][5] = 0
    gradients["bias"][7] = 0
    known = {n for n in vars(keras.optimizers) if n[0].isupper()} - OUTSIDE
    assert known == set(OPTIONS), known ^ set(OPTIONS)

    cases = []
    for name, own in OPTIONS.items():
        shared = {k: v for k, v in COMMON.items() if not (name == "AdamW" and k == "weight_decay")}
        if name == "AdamW":
            shared["weight_decay"] = [0.004, 0.1]
        choices = [dict(learning_rate=0.05)] + [
            {key: value} for key, values in own.items() for value in values[1:]]
        choices += pairwise(learning_rate=RATES, **own, **shared)
        choices += [dict(learning_rate=Code(one)) for one in SCHEDULES]
        if name == "SGD":
            choices += [dict(learning_rate=0.05, loss_scale_factor=4.0)]
        for choice in choices:
            choice = dict(choice)
            constraint = choice.pop("constraint", None)
            choice.update(choice.pop("averages", {}))
            if "clipping" in choice:
                argument, value = choice.pop("clipping")
                choice[argument] = value
            code = call(f"keras.optimizers.{name}", **choice)
            steps, ends = run(code, constraint, starts, gradients)
            case = {"name": name, "code": code, "constraint": constraint, **steps}
            if "use_ema" in choice:
                case["finalized"] = ends
            cases.append(case)
    unique = {repr((c["code"], c["constraint"])): c for c in cases}
    facts(starts, gradients)
    write("optimizers", {"start": starts, "gradients": gradients, "cases": list(unique.values())})


def facts(starts, gradients):
    """PyTorch's optimizers with Keras's arguments; where the formulas differ, by how much."""
    T = torch.optim
    rows = [
        ("SGD(learning_rate=0.05)", T.SGD, dict(lr=0.05), ""),
        ("SGD(learning_rate=0.05, momentum=0.9)", T.SGD, dict(lr=0.05, momentum=0.9), ""),
        ("SGD(learning_rate=0.05, momentum=0.9, nesterov=True)", T.SGD,
         dict(lr=0.05, momentum=0.9, nesterov=True), ""),
        ("RMSprop(learning_rate=0.05)", T.RMSprop, dict(lr=0.05, alpha=0.9, eps=1e-7),
         " (epsilon inside Keras's root)"),
        ("RMSprop(learning_rate=0.05, momentum=0.6, centered=True)", T.RMSprop,
         dict(lr=0.05, alpha=0.9, eps=1e-7, momentum=0.6, centered=True),
         " (epsilon inside Keras's root)"),
        ("Adagrad(learning_rate=0.05)", T.Adagrad,
         dict(lr=0.05, initial_accumulator_value=0.1, eps=1e-7), " (epsilon inside Keras's root)"),
        ("Adadelta(learning_rate=0.5)", T.Adadelta, dict(lr=0.5, rho=0.95, eps=1e-7), ""),
        ("Adam(learning_rate=0.05)", T.Adam, dict(lr=0.05, eps=1e-7),
         " (epsilon beside the uncorrected root in Keras)"),
        ("Adam(learning_rate=0.05, amsgrad=True)", T.Adam, dict(lr=0.05, eps=1e-7, amsgrad=True),
         " (epsilon beside the uncorrected root in Keras)"),
        ("AdamW(learning_rate=0.05, weight_decay=0.1)", T.AdamW,
         dict(lr=0.05, eps=1e-7, weight_decay=0.1), " (as Adam)"),
        ("Adamax(learning_rate=0.05)", T.Adamax, dict(lr=0.05, eps=1e-7), ""),
        ("Nadam(learning_rate=0.05)", T.NAdam, dict(lr=0.05, eps=1e-7),
         " (momentum decays as 0.96^t in Keras, 0.96^(0.004 t) in PyTorch)"),
        ("Adafactor(learning_rate=0.05)", T.Adafactor, dict(lr=0.05, eps=(1e-30, 1e-3)),
         " (PyTorch's factored root differs)"),
    ]
    for code, kind, arguments, note in rows:
        steps, _ = run("keras.optimizers." + code, None, starts, gradients)
        variables = [torch.nn.Parameter(torch.tensor(value)) for value in starts.values()]
        optimizer = kind(variables, **arguments)
        for pair in zip(*gradients.values()):
            for variable, gradient in zip(variables, pair):
                variable.grad = torch.tensor(gradient)
            optimizer.step()
        worst = max(difference(steps[name][-1], variable)
                    for name, variable in zip(starts, variables))
        FACTS.append(f"optimizer {code} after 12 steps: {worst:.1e}{note}")
