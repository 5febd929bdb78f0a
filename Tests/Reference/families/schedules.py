"""schedules.json: the rates of every schedule of keras.optimizers.schedules."""

from .common import *

STEPS = list(range(31)) + [45, 64, 100, 999, 12_345]

OPTIONS = {
    "ExponentialDecay": (dict(initial_learning_rate=0.1, decay_steps=7, decay_rate=0.8),
                         dict(staircase=[False, True], decay_rate=[0.8, 0.5])),
    "InverseTimeDecay": (dict(initial_learning_rate=0.1, decay_steps=7, decay_rate=0.8),
                         dict(staircase=[False, True], decay_rate=[0.8, 0.5])),
    "PolynomialDecay": (dict(initial_learning_rate=0.1, decay_steps=10),
                        dict(end_learning_rate=[0.0001, 0.02], power=[1.0, 2.0, 0.5],
                             cycle=[False, True])),
    "CosineDecay": (dict(initial_learning_rate=0.1, decay_steps=15),
                    dict(alpha=[0.0, 0.2], warmup_target=[None, 0.3], warmup_steps=[0, 6])),
    "CosineDecayRestarts": (dict(initial_learning_rate=0.1, first_decay_steps=6),
                            dict(t_mul=[2.0, 1.0, 1.5], m_mul=[1.0, 0.7], alpha=[0.0, 0.1])),
    "PiecewiseConstantDecay": (dict(boundaries=[5, 12], values=[0.1, 0.05, 0.01]), {}),
}


def generate():
    known = {n for n in vars(keras.optimizers.schedules) if n[0].isupper()}
    assert known - {"LearningRateSchedule"} == set(OPTIONS), known
    cases = []
    for name, (given, options) in OPTIONS.items():
        for choice in pairwise(**options):
            code = call(f"keras.optimizers.schedules.{name}", **{**given, **choice})
            schedule = evaluate(code)
            rates = np.array([float(schedule(step)) for step in STEPS], np.float32)
            cases.append({"name": name, "code": code, "rates": rates})
    code = "keras.optimizers.schedules.PiecewiseConstantDecay([3], [1.0, 0.5])"
    rates = np.array([float(evaluate(code)(step)) for step in STEPS], np.float32)
    cases.append({"name": "PiecewiseConstantDecay", "code": code, "rates": rates})
    write("schedules", {"steps": STEPS, "cases": cases})
