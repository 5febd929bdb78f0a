"""Writes Tests/Reference/Keras: what Keras makes of every member of its families.

Run from the top of the repository:

    KERAS_BACKEND=torch python3 Tests/Reference/keras_families.py [family …]

Every case names a piece of Keras code as text; its values are what Keras's torch backend gives
for that very text, in Float32, as decimals that read back to the same bits. A tensor is
{"shape": […], "scalars": […]}, with "type" int or bool if it is not of floats; NaN and infinities
are strings. "inputs" at the top of a file holds tensors that cases name.

  activations.json   output, and the gradient of sum(output · weights[input]) by the input
  losses.json        loss, and the gradient of the sum of the loss by y_pred
  optimizers.json    kernel and bias after each of twelve gradients
  schedules.json     learning rates at the steps on top
  regularizers.json  penalty and its gradient; constraints.json: the weights after it
  initializers.json  fans, and the distribution with its bounds and moments; exact values of
                     constants
  metrics.json       the result after each of three updates; what "accuracy" stands for
  layers.json        output, shapes, counts, penalties, weights after, and gradients of
                     sum(output · cotangent); layers_*.json: so of further layers; of whole models
                     with masks and wrapped layers (masking), of inputs with names (attention), of
                     sequences with masks and states (recurrent), of augmentation (pooling)
  training.json      histories and final weights of small models: sample_weight, class_weight,
                     loss_weights, penalties, averages, several outputs, callbacks
  summaries.json     what model.summary() prints on a terminal of 120 columns
  signatures.json    names, order, kinds and defaults of arguments
  aliases.json       the strings that stand for a member, names of attributes, default names
  keras_vs_torch.txt how far Keras is from PyTorch where that has the same thing
"""

import importlib
import sys

from families import common

FAMILIES = [
    "activations", "losses", "optimizers", "schedules", "weights", "initializers", "metrics",
    "layers", "layers_attention", "layers_convolution", "layers_masking", "layers_pooling",
    "layers_recurrent", "training", "summaries", "names",
]

for family in sys.argv[1:] or FAMILIES:
    importlib.import_module(f"families.{family}").generate()
if len(sys.argv) == 1:
    lines = ["Largest differences of Keras (torch backend) and PyTorch, relative to the larger of 1",
             "and the size of the value; the arguments agree unless a line says otherwise.", ""]
    (common.FOLDER / "keras_vs_torch.txt").write_text("\n".join(lines + common.FACTS) + "\n")
